// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Measures tracing: bench_mail traces a mailbox of made-up mails, bench_mail FILE one of yours. Prints MB/s and mails/s
// of one thread, and how often the border of the made-up mails was right.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "trace/trace_file.h"

namespace {

using namespace lastgood;

/// Mails with five lines each, as in a hospital's inbox, with bodies of 8 KB.
std::string made_mailbox(int mails) {
  std::string box;
  for (int i = 0; i < mails; ++i) {
    const std::string ip = "198.51.100." + std::to_string(1 + i % 250);
    box +=
        "From a@s.example Wed Nov 23 07:07:00 2022\nReturn-Path: <a@s.example>\n"
        "Received: from mx.hospital.example (mx.hospital.example [10.0.0.5]) by mbx.hospital.example (Postfix)\n"
        "\twith ESMTPS id 4NHX2k5q9Rz1 for <d@hospital.example>; Wed, 23 Nov 2022 07:07:02 +0530 (IST)\n"
        "Received: from evil (dsl.isp.example [" +
        ip +
        "]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256\n"
        "\tbits)) (No client certificate requested) by mx.hospital.example (Postfix) with ESMTPS id 4NHX2k5q9Rz2;\n"
        "\tWed, 23 Nov 2022 07:07:01 +0530 (IST)\n"
        "Received: from bank.example ([203.0.113.66] helo=bank.example) by evil with esmtp (Exim 4.96)\n"
        "\tid 1p0Abc-0001De-2f; Wed, 23 Nov 2022 01:37:00 +0000\n"
        "Received: from unknown (HELO x) (192.168.1.7) by bank.example with SMTP; 23 Nov 2022 01:36:59 -0000\n"
        "From: A <a@s.example>\nTo: d@hospital.example\nSubject: invoice\nDate: Wed, 23 Nov 2022 07:06:58 +0530\n"
        "Message-ID: <" +
        std::to_string(i) + "@s.example>\nMIME-Version: 1.0\nContent-Type: text/plain\n\n";
    for (int line = 0; line < 110; ++line)
      box += "The quick brown fox jumps over the lazy dog, and the mail goes on for a while.\n";
    box += "\n";
  }
  return box;
}

}  // namespace

int main(int argc, char** argv) {
  std::string box;
  if (argc > 1) {
    std::ifstream file(argv[1], std::ios::binary);
    box.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  } else {
    box = made_mailbox(20'000);
  }
  trace::TraceOptions options;
  for (const char* own : {".hospital.example", "10.0.0.5"}) options.own_relays.push_back(*mail::parse_own_relay(own));
  std::size_t right = 0;
  base::MemorySource source{base::ByteView(box)};
  const auto begin = std::chrono::steady_clock::now();
  const auto traced = trace::trace_bytes(source, options, [&right](const trace::MailTrace& mail) {
    right += mail.boundary && mail.boundary->hop == 1 && mail.boundary->level == mail::Level::fact ? 1U : 0U;
    return true;
  });
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (!traced.ok()) return 1;
  const auto mails = static_cast<double>(traced.value().mails);
  std::printf("%.0f mails, %.1f MB in %.2f s: %.0f mails/s, %.0f MB/s; border right in %zu\n", mails,
              static_cast<double>(box.size()) / 1e6, seconds, mails / seconds,
              static_cast<double>(box.size()) / 1e6 / seconds, right);
  return 0;
}
