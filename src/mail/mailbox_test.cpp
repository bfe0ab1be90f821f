// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that mailboxes of all four kinds are cut where their writers cut, and nowhere a letter's text pretends to.
#include "mail/mailbox.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lastgood::mail {
namespace {

constexpr std::string_view k_line = "From a@b.example Wed Nov 23 07:07:00 2022\n";

std::vector<std::string> cut(const std::string& mailbox) {
  base::MemorySource source{base::ByteView(mailbox)};
  MailboxReader reader(source);
  std::vector<std::string> mails;
  while (true) {
    auto next = reader.next();
    EXPECT_TRUE(next.ok());
    if (!next.ok() || !next.value()) return mails;
    const MailSpan span = *next.value();
    EXPECT_LT(span.begin_bytes, span.end_bytes);
    mails.push_back(mailbox.substr(span.begin_bytes, span.end_bytes - span.begin_bytes));
  }
}

std::string mail(std::string_view body) { return std::string(k_line) + "Subject: x\n\n" + std::string(body); }

TEST(Mailbox, is_told_by_its_first_lines) {
  EXPECT_TRUE(is_mailbox(base::ByteView(std::string_view("From a Wed Nov 23 07:07:00 2022\nA: 1\n\n"))));
  EXPECT_TRUE(is_mailbox(base::ByteView(std::string_view("From MAILER-DAEMON Fri Jul  8 12:08:34 2011\r\nA: 1\r\n"))));
  EXPECT_FALSE(is_mailbox(base::ByteView(std::string_view("From: a@b\nA: 1\n\n"))));
  EXPECT_FALSE(is_mailbox(base::ByteView(std::string_view("From here on, all is text\nA: 1\n\n"))));
  EXPECT_FALSE(is_mailbox(base::ByteView(std::string_view("From a Wed Nov 23 07:07:00 2022\ntext\n"))));
  EXPECT_FALSE(is_mailbox(base::ByteView()));
}

TEST(Mailbox, is_cut_at_separators_behind_blank_lines_only) {
  const std::string first = mail("a\n>From quoted\n" + std::string(k_line) + "Subject: no blank line before\n\n");
  const std::string second = mail("From somewhere else\n\nFrom the text of a letter\n\n");
  const std::string third = mail("");
  EXPECT_EQ(cut(first + second + third), (std::vector{first, second, third}));
}

TEST(Mailbox, believes_a_length_that_leads_to_the_next_mail) {
  const std::string body = "text\n\n" + std::string(k_line) + "Subject: planted by the letter\n\nmore\n";
  const std::string first =
      std::string(k_line) + "Subject: x\nContent-Length: " + std::to_string(body.size()) + "\n\n" + body + "\n";
  const std::string second = mail("b\n");
  EXPECT_EQ(cut(first + second), (std::vector{first, second}));
  // A length that leads nowhere is not believed.
  const std::string wrong = std::string(k_line) + "Subject: x\nContent-Length: 3\n\ntext\n\n";
  EXPECT_EQ(cut(wrong + second), (std::vector{wrong, second}));
  const std::string beyond = std::string(k_line) + "Content-Length: 99999999999\n\ntext\n\n";
  EXPECT_EQ(cut(beyond + second), (std::vector{beyond, second}));
}

TEST(Mailbox, is_cut_alike_wherever_a_block_ends) {
  for (std::size_t size = (32U << 10U) - 2200; size < (1U << 20U) + 100; size += size < (33U << 10U) ? 37 : 98'017) {
    const std::string first = mail(std::string(size, 'x') + "\n\n");
    const std::string second = mail("b\n");
    const auto mails = cut(first + second);
    ASSERT_EQ(mails.size(), 2U) << size;
    EXPECT_EQ(mails[0].size(), first.size());
  }
}

TEST(Mailbox, loses_no_byte_when_cut_short_anywhere) {
  const std::string whole = mail("a\n\n") + mail("b\n\n");
  for (std::size_t size = 1; size <= whole.size(); ++size) {
    std::string together;
    for (const std::string& part : cut(whole.substr(0, size))) together += part;
    EXPECT_EQ(together, whole.substr(0, size));
  }
}

}  // namespace
}  // namespace lastgood::mail
