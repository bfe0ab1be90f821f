// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that whatever the reader of Outlook stores does (ends well, breaks, hangs up, talks nonsense), the mails it
// said are traced and the rest is told; and that the real reader is locked in and survives what is no store.
#include "trace/trace_store.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>

#include "mail/store_frames.h"
#include "os/locked_child.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::trace {
namespace {

const std::string k_header =
    "Received: from evil (dsl.isp.example [198.51.100.7]) by mx.hospital.example (Postfix) with ESMTPS id "
    "4NHX2k5q9Rz1; Wed, 23 Nov 2022 07:07:00 +0530\r\nFrom: Ann <a@s.example>\r\nSubject: pay\r\n";

std::string frame(char kind, const std::string& text = {}) { return mail::format_frame_head(kind, text.size()) + text; }

std::string begin(std::uint32_t number, std::uint32_t identifier) {
  std::string numbers;
  for (const std::uint32_t value : {number, identifier}) {
    for (unsigned i = 0; i < 4; ++i) numbers += static_cast<char>(value >> (8 * i) & 0xFFU);
  }
  return frame('I', numbers);
}

struct Traced {
  base::Result<FileTrace> outcome;
  std::vector<MailTrace> mails;
};

class TraceStore : public testing::Test {
 protected:
  /// What a helper would say when it is started with the number `first`, and how it ends.
  void say(int first, const std::string& words, const std::string& end = "exit 0") {
    const std::string name = folder_.path() + "/said" + std::to_string(first);
    std::ofstream(name, std::ios::binary) << words;
    script_ += "if [ \"$1\" = " + std::to_string(first) + " ]; then /bin/cat " + name + "; " + end + "; fi\n";
  }
  Traced trace() {
    const std::string helper = folder_.path() + "/helper";
    std::ofstream(helper) << "#!/bin/sh\n" << script_;
    EXPECT_EQ(::chmod(helper.c_str(), 0700), 0);
    return run(helper, "!BDN and so on");
  }
  Traced run(const std::string& helper, const std::string& bytes) {
    std::ofstream(folder_.path() + "/store.pst", std::ios::binary) << bytes;
    Traced traced{FileTrace{}, {}};
    auto root = os::open_evidence_root(folder_.path());
    auto file = os::open_evidence_file(root.value(), "store.pst", folder_.path() + "/store.pst");
    const TraceSink sink = [&traced](const MailTrace& mail) {
      traced.mails.push_back(mail);
      return true;
    };
    traced.outcome =
        helper.empty() ? trace_store(file.value(), {}, sink) : trace_store_with(helper, file.value(), {}, sink);
    return traced;
  }
  os::testing::ScratchFolder folder_;
  std::string script_;
};

TEST_F(TraceStore, traces_the_items_that_have_an_internet_header) {
  say(0, begin(0, 2097188) + frame('H', k_header) + frame('A', "bill.pdf") + frame('D', "hel") + frame('D', "lo") +
             frame('A', "empty") + frame('E') + begin(1, 2097220) + frame('H') + frame('E') + frame('F'));
  const Traced traced = trace();
  ASSERT_TRUE(traced.outcome.ok());
  EXPECT_EQ(traced.outcome.value().mails, 1U);
  EXPECT_EQ(traced.outcome.value().without_header, 1U);
  EXPECT_TRUE(traced.outcome.value().findings.empty());
  ASSERT_EQ(traced.mails.size(), 1U);
  const MailTrace& mail = traced.mails[0];
  EXPECT_EQ(mail.store_item, 2097188U);
  EXPECT_EQ(mail.begin_bytes, 2097188U);
  ASSERT_TRUE(mail.boundary && mail.boundary->ip);
  EXPECT_EQ(model::text_of(*mail.boundary->ip), "198.51.100.7");
  EXPECT_EQ(mail.subject, "pay");
  ASSERT_EQ(mail.attachments.size(), 2U);
  EXPECT_EQ(mail.attachments[0].name, "bill.pdf");
  EXPECT_EQ(mail.attachments[0].size_bytes, 5U);
  EXPECT_EQ(mail.attachments[0].sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  EXPECT_EQ(mail.attachments[1].size_bytes, 0U);
}

TEST_F(TraceStore, goes_on_behind_an_item_that_breaks_the_reader) {
  say(0, begin(0, 11) + frame('H', k_header) + frame('E') + begin(1, 12) + frame('A', "x"), "kill -SEGV $$");
  say(2, begin(2, 13) + frame('H', k_header) + frame('E') + frame('F'));
  const Traced traced = trace();
  ASSERT_TRUE(traced.outcome.ok());
  EXPECT_EQ(traced.mails.size(), 2U);
  ASSERT_EQ(traced.outcome.value().findings.size(), 1U);
  EXPECT_EQ(traced.outcome.value().findings[0].rule, "mail.store.broken");
  EXPECT_EQ(traced.outcome.value().findings[0].sentence, "the store breaks the reader at item 12 (signal 11)");
}

TEST_F(TraceStore, gives_every_mail_a_place_of_its_own) {
  const std::string other = k_header + "X-Other: 1\r\n";
  say(0, begin(0, 11) + frame('H', k_header) + frame('E') + begin(1, 11) + frame('H', other) + frame('E') +
             begin(2, 11) + frame('H', other) + frame('E') + frame('F'));
  const Traced traced = trace();
  ASSERT_EQ(traced.mails.size(), 2U);
  EXPECT_EQ(traced.mails[0].begin_bytes, 11U);
  EXPECT_EQ(traced.mails[1].begin_bytes, 11U + (std::uint64_t{1} << 32U));
  EXPECT_EQ(traced.mails[1].store_item, 11U);
}

TEST_F(TraceStore, believes_no_nonsense) {
  std::string huge = mail::format_frame_head('H', 0);
  huge[4] = '\x7F';
  for (const std::string& words : {std::string(), std::string("I"), frame('H', k_header), frame('Z'),
                                   frame('I', "short"), huge, std::string(100'000, '\xFF'), frame('E')}) {
    script_.clear();
    say(0, words);
    const Traced traced = trace();
    ASSERT_TRUE(traced.outcome.ok());
    EXPECT_TRUE(traced.mails.empty());
    EXPECT_EQ(traced.outcome.value().findings.size(), 1U);
  }
}

TEST_F(TraceStore, ends_when_every_item_breaks_it) {
  script_ =
      "/usr/bin/printf 'I\\010\\000\\000\\000'; n=$1; /usr/bin/printf \"\\\\$(/usr/bin/printf '%03o' "
      "$n)\\\\000\\\\000\\\\000abcd\"; "
      "kill -ABRT $$\n";
  const Traced traced = trace();
  ASSERT_TRUE(traced.outcome.ok());
  EXPECT_EQ(traced.outcome.value().findings.size(), 101U);
}

TEST_F(TraceStore, says_that_the_reader_is_not_there) {
  const Traced traced = run("/nonexistent/helper", "!BDN");
  EXPECT_FALSE(traced.outcome.ok());
}

TEST_F(TraceStore, names_what_only_begins_like_a_store) {
  std::string noise = "!BDN";
  for (int i = 0; i < 20'000; ++i) noise += static_cast<char>(i * i * 7 + i / 3);
  for (const std::string& bytes : {std::string("!BDN"), noise, "!BDN" + std::string(5000, '\0')}) {
    const Traced traced = run("", bytes);
    ASSERT_TRUE(traced.outcome.ok()) << traced.outcome.error().what;
    EXPECT_TRUE(traced.mails.empty());
    ASSERT_EQ(traced.outcome.value().findings.size(), 1U);
    EXPECT_EQ(traced.outcome.value().findings[0].rule, "mail.store.broken");
  }
}

}  // namespace
}  // namespace lastgood::trace
