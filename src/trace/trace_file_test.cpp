// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a mail is traced to the same answer in every form it is saved in, with offsets into the file as it lies
// there.
#include "trace/trace_file.h"

#include <algorithm>

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "os/testing/scratch_folder.h"

namespace lastgood::trace {
namespace {

const std::string k_mail =
    "Return-Path: <a@s.example>\n"
    "Received: from evil (dsl.isp.example [198.51.100.7]) by mx.hospital.example (Postfix)\n"
    "\twith ESMTPS id 4NHX2k5q9Rz1 for <desk@hospital.example>; Wed, 23 Nov 2022 07:07:00 +0530 (IST)\n"
    "Received: from bank.example (bank.example [203.0.113.66]) by evil (Postfix) with ESMTP id 4NHX2k5q9R;\n"
    "\tWed, 23 Nov 2022 07:06:00 +0530\n"
    "From: Ann <a@s.example>\nSubject: pay\nMessage-ID: <1@s.example>\nDate: Wed, 23 Nov 2022 07:06:00 +0530\n\nPay.\n";

std::vector<MailTrace> traced(const std::string& file, TraceOptions options = {}) {
  std::vector<MailTrace> mails;
  base::MemorySource source{base::ByteView(file)};
  const auto outcome = trace_bytes(source, options, [&mails](const MailTrace& mail) {
    mails.push_back(mail);
    return true;
  });
  EXPECT_TRUE(outcome.ok());
  return mails;
}

void expect_traced(const MailTrace& mail) {
  ASSERT_EQ(mail.hops.size(), 2U);
  ASSERT_TRUE(mail.boundary && mail.boundary->ip);
  EXPECT_EQ(mail.boundary->hop, 0U);
  EXPECT_EQ(model::text_of(*mail.boundary->ip), "198.51.100.7");
  EXPECT_EQ(mail.boundary->level, mail::Level::fact);
  EXPECT_EQ(mail.subject, "pay");
}

TEST(TraceFile, reads_a_mail_a_mailbox_and_a_paste) {
  const auto alone = traced(k_mail);
  ASSERT_EQ(alone.size(), 1U);
  expect_traced(alone[0]);
  EXPECT_EQ(k_mail.substr(alone[0].hops[1].offset_bytes, 23), "Received: from bank.exa");

  const std::string mailbox =
      "From a@s.example Wed Nov 23 07:07:00 2022\n" + k_mail + "\nFrom b@s.example Wed Nov 23 08:07:00 2022\n" + k_mail;
  const auto box = traced(mailbox);
  ASSERT_EQ(box.size(), 2U);
  for (const MailTrace& mail : box) {
    expect_traced(mail);
    EXPECT_EQ(mailbox.substr(mail.hops[1].offset_bytes, 23), "Received: from bank.exa");
  }
  EXPECT_EQ(box[0].end_bytes, box[1].begin_bytes);

  std::string paste = "\xFF\xFE";
  for (const char c : k_mail) paste += {c, '\0'};
  const auto pasted = traced(paste);
  ASSERT_EQ(pasted.size(), 1U);
  expect_traced(pasted[0]);
  EXPECT_EQ(paste[pasted[0].hops[1].offset_bytes], 'R');
  EXPECT_EQ(paste[pasted[0].hops[1].offset_bytes + 2], 'e');
}

TEST(TraceFile, asks_the_saved_zone_for_the_envelope_and_the_address_at_the_border) {
  TraceOptions options;
  EXPECT_TRUE(options.zone.add("s.example TXT \"v=spf1 ip4:203.0.113.66 -all\"\n").empty());
  const auto mails = traced(k_mail, options);
  ASSERT_TRUE(mails.at(0).spf);
  EXPECT_EQ(mails[0].spf->domain, "s.example");
  EXPECT_EQ(mails[0].spf->result, mail::AuthResult::fail);
}

TEST(TraceFile, names_other_forms_and_finds_nothing_in_none) {
  const auto trouble = [](std::string_view bytes) {
    base::MemorySource source{base::ByteView(bytes)};
    const auto outcome = trace_bytes(source, {}, [](const MailTrace&) { return true; });
    return outcome.ok() ? fmt::format("{} mails", outcome.value().mails) : outcome.error().what;
  };
  EXPECT_EQ(trouble("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), "the OLE2 container holds no internet header");
  EXPECT_EQ(trouble("!BDN...."), "an Outlook store (PST or OST) is read from a file only");
  EXPECT_EQ(trouble(""), "0 mails");
  EXPECT_EQ(trouble("no header at all\n"), "0 mails");
  EXPECT_EQ(trouble(std::string(100'000, '\0')), "0 mails");
}

TEST(TraceFile, survives_a_hundred_thousand_received_lines) {
  std::string mail;
  for (int i = 0; i < 100'000; ++i) mail += "Received: from a (a [10.0.0.1]) by a; Wed, 23 Nov 2022 07:07:00 +0000\n";
  const auto mails = traced(mail + "\n");
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].received_seen, 100'000U);
  EXPECT_EQ(mails[0].hops.size(), mail::k_hops_max);
  EXPECT_TRUE(std::any_of(mails[0].hints.begin(), mails[0].hints.end(),
                          [](const auto& hint) { return hint.rule == "mail.header.many"; }));
}

TEST(TraceFile, opens_files_as_evidence) {
  const os::testing::ScratchFolder scratch;
  std::ofstream(scratch / "a.eml") << k_mail;
  std::vector<MailTrace> mails;
  const auto sink = [&mails](const MailTrace& mail) {
    mails.push_back(mail);
    return true;
  };
  EXPECT_TRUE(trace_file(scratch / "a.eml", {}, sink).ok());
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_FALSE(trace_file(scratch / "none.eml", {}, sink).ok());
  EXPECT_FALSE(trace_file(scratch.path(), {}, sink).ok());
}

TEST(TraceFile, lists_what_came_with_a_mail) {
  const std::string start = k_mail.substr(0, k_mail.find("From: Ann"));
  const std::string mail = start +
                           "From: =?utf-8?Q?Ann_=E2=82=AC?= <a@s.example>\nSubject: =?big5?B?pGo=?=\n"
                           "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nPay.\n--b\n"
                           "Content-Type: application/pdf; name=\"=?utf-8?Q?bill.pdf?=\"\n"
                           "Content-Transfer-Encoding: base64\n\naGVs\nbG8=\n--b\n"
                           "Content-Type: text/html\nContent-Disposition: attachment\n\nhello\n--b--\n";
  const std::string box =
      "From a@s.example Wed Nov 23 07:07:00 2022\n" + k_mail + "\nFrom a@s.example Wed Nov 23 07:07:00 2022\n" + mail;
  const auto mails = traced(box);
  ASSERT_EQ(mails.size(), 2U);
  EXPECT_TRUE(mails[0].attachments.empty());
  EXPECT_EQ(mails[1].from_shown, "Ann € <a@s.example>");
  EXPECT_EQ(mails[1].from, "=?utf-8?Q?Ann_=E2=82=AC?= <a@s.example>");
  EXPECT_EQ(mails[1].subject_shown, "=?big5?B?pGo=?=");
  const auto& found = mails[1].attachments;
  ASSERT_EQ(found.size(), 2U);
  const char* const hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
  EXPECT_EQ(found[0].name, "bill.pdf");
  EXPECT_EQ(found[0].size_bytes, 5U);
  EXPECT_EQ(found[0].sha256, hello);
  EXPECT_EQ(box.substr(found[0].offset_bytes, 4), "aGVs");
  EXPECT_EQ(found[1].content_type, "text/html");
  EXPECT_EQ(found[1].sha256, hello);
}

TEST(TraceFile, lists_no_more_attachments_than_it_says) {
  std::string mail = k_mail.substr(0, k_mail.find("\n\n") + 1) + "Content-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 3000; ++i) mail += "--b\nContent-Disposition: attachment\n\nx\n";
  const auto mails = traced(mail);
  ASSERT_EQ(mails.size(), 1U);
  EXPECT_EQ(mails[0].attachments.size(), k_attachments_max);
  const auto told = [&](const char* rule) {
    return std::count_if(mails[0].hints.begin(), mails[0].hints.end(),
                         [rule](const model::Finding& hint) { return hint.rule == rule; });
  };
  EXPECT_EQ(told("mail.mime.attachments"), 1);
  EXPECT_EQ(told("mail.mime.open"), 1);
}

}  // namespace
}  // namespace lastgood::trace
