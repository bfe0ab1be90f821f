// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that fields and their offsets are found in every shape that saved and pasted headers have, and that no input,
// however large or broken, is repaired silently or read without a limit.
#include "mail/header.h"

#include <gtest/gtest.h>

#include "base/byte_view.h"

namespace lastgood::mail {
namespace {

using namespace std::string_view_literals;

Header header_of(std::string_view text) { return parse_header(base::ByteView(text)); }

bool has_finding(const Header& header, std::string_view rule) {
  for (const auto& finding : header.findings) {
    if (finding.rule == rule) return true;
  }
  return false;
}

/// Every field stands where its offset says.
void expect_offsets_hold(std::string_view text, const Header& header) {
  for (const HeaderField& field : header.fields) {
    EXPECT_EQ(text.substr(field.offset_bytes, field.name.size()), field.name);
    EXPECT_LE(field.offset_bytes + field.raw.size(), text.size());
  }
  EXPECT_LE(header.body_bytes, text.size());
}

TEST(Header, gives_fields_with_the_offsets_of_their_names) {
  const auto text = "Received: from a\n by b; date\nSubject:  x \n\nbody: no field\n"sv;
  const Header header = header_of(text);
  ASSERT_EQ(header.fields.size(), 2U);
  EXPECT_EQ(header.fields[0].body, " from a\n by b; date");
  EXPECT_EQ(header.fields[1].offset_bytes, 29U);
  EXPECT_EQ(text.substr(header.body_bytes), "body: no field\n");
  EXPECT_TRUE(header.findings.empty());
  expect_offsets_hold(text, header);
}

TEST(Header, reads_every_kind_of_line_end) {
  for (const auto& text : {"A: 1\r\nB: 2\r\n 3\r\n\r\nbody"sv, "A: 1\r\r\nB: 2\r\r\n 3\r\r\n\r\r\nbody"sv,
                           "A: 1\rB: 2\r 3\r\rbody"sv, "A: 1\nB: 2\r\n\t3\n\nbody"sv}) {
    const Header header = header_of(text);
    ASSERT_EQ(header.fields.size(), 2U) << text;
    EXPECT_EQ(unfold(header.fields[0].body), "1");
    EXPECT_EQ(unfold(header.fields[1].body).substr(0, 1), "2");
    EXPECT_EQ(unfold(header.fields[1].body).back(), '3');
    EXPECT_EQ(text.substr(header.body_bytes), "body");
    expect_offsets_hold(text, header);
  }
}

TEST(Header, accepts_obsolete_forms) {
  const Header header = header_of("Subject \t: x\nComment: a\n  \n b\nX:\n\nbody");
  ASSERT_EQ(header.fields.size(), 3U);
  EXPECT_EQ(header.fields[0].name, "Subject");
  EXPECT_EQ(unfold(header.fields[1].body), "a    b");
  EXPECT_EQ(header.fields[2].body, "");
}

TEST(Header, skips_what_stands_before_the_first_field) {
  const auto text = "\xEF\xBB\xBF\r\n\r\nFrom a@b.example Wed Nov 23 07:07:00 2022\r\n>From x\r\nA: 1\r\n\r\n"sv;
  const Header header = header_of(text);
  EXPECT_EQ(header.envelope_line, "From a@b.example Wed Nov 23 07:07:00 2022");
  ASSERT_EQ(header.fields.size(), 1U);
  expect_offsets_hold(text, header);
}

TEST(Header, says_where_no_blank_line_ends_it) {
  const auto text = "A: 1\nB: 2\nDear sir, this is text\nwithout end\n"sv;
  const Header header = header_of(text);
  EXPECT_EQ(header.fields.size(), 2U);
  EXPECT_TRUE(has_finding(header, "mail.header.no-blank"));
  EXPECT_EQ(header.body_bytes, 10U);
}

TEST(Header, mends_no_lost_fold_silently) {
  const Header header =
      header_of("Received: from a.example\nby b.example with SMTP;\nWed, 23 Nov 2022 07:07:00 +0000\nSubject: x\n\n");
  ASSERT_EQ(header.fields.size(), 2U);
  EXPECT_EQ(unfold(header.fields[0].body), "from a.example by b.example with SMTP; Wed, 23 Nov 2022 07:07:00 +0000");
  EXPECT_TRUE(has_finding(header, "mail.header.lost-folds"));
}

TEST(Header, keeps_odd_bytes_and_says_so) {
  const auto text = "A: x\0y\nB: caf\xE9\n\n"sv;
  const Header header = header_of(text);
  ASSERT_EQ(header.fields.size(), 2U);
  EXPECT_EQ(header.fields[0].body, " x\0y"sv);
  EXPECT_TRUE(has_finding(header, "mail.header.nul"));
  EXPECT_TRUE(has_finding(header, "mail.header.8bit"));
  EXPECT_EQ(unfold(header.fields[0].body), "x y");
}

TEST(Header, finds_nothing_in_what_is_none) {
  EXPECT_TRUE(header_of("").fields.empty());
  EXPECT_TRUE(header_of("\n\n\n").fields.empty());
  EXPECT_TRUE(header_of("just words\n").fields.empty());
  EXPECT_TRUE(header_of(": no name\n").fields.empty());
  EXPECT_TRUE(header_of(" begins with a fold\n").fields.empty());
  EXPECT_TRUE(header_of(std::string(5000, 'a') + ": x\n").fields.empty());
}

TEST(Header, survives_a_hundred_thousand_received_lines_and_says_what_it_left_out) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "Received: from a by b; Wed, 23 Nov 2022 07:07:00 +0000\n";
  text += "Subject: x\n\nbody";
  const Header header = header_of(text);
  EXPECT_EQ(header.fields.size(), k_fields_max);
  EXPECT_EQ(header.received_seen, 100'000U);
  EXPECT_EQ(header.fields_seen, 100'001U);
  EXPECT_TRUE(has_finding(header, "mail.header.many"));
  EXPECT_EQ(std::string_view(text).substr(header.body_bytes), "body");
}

TEST(Header, reads_one_enormous_field_only_as_far_as_its_limit) {
  const std::string text = "A: " + std::string(10U << 20U, 'x') + "\nB: 1\n\n";
  const Header header = header_of(text);
  ASSERT_EQ(header.fields.size(), 2U);
  EXPECT_EQ(unfold(header.fields[0].body).size(), k_unfolded_bytes_max - 1);
}

TEST(Header, every_cut_and_every_flipped_byte_leaves_offsets_true) {
  const std::string text = "\nFrom a@b Wed Nov 23 07:07:00 2022\nReceived: from a\r\n\tby b\r\nA : 1\n\n--\n";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    const std::string_view part = std::string_view(text).substr(0, cut);
    expect_offsets_hold(part, header_of(part));
  }
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (const char byte : {'\0', '\n', '\r', ':', ' ', '\xFF'}) {
      std::string changed = text;
      changed[at] = byte;
      expect_offsets_hold(changed, header_of(changed));
    }
  }
}

TEST(Header, reads_a_utf16_paste_with_offsets_into_the_paste) {
  const std::string_view plain = "Received: from a\r\n by b\r\nSubject: x\r\n\r\n";
  for (const bool big : {false, true}) {
    for (const bool marked : {false, true}) {
      std::string text = !marked ? "" : big ? "\xFE\xFF" : "\xFF\xFE";
      for (const char c : plain) text += big ? std::string{'\0', c} : std::string{c, '\0'};
      const auto read = read_utf16(base::ByteView(text));
      ASSERT_TRUE(read);
      EXPECT_EQ(read->text, plain);
      const Header header = header_of(read->text);
      ASSERT_EQ(header.fields.size(), 2U);
      const auto offset = read->offset_in_source(header.fields[1].offset_bytes);
      EXPECT_EQ(text[offset + (big ? 1 : 0)], 'S');
      EXPECT_EQ(text[offset + 2 + (big ? 1 : 0)], 'u');
    }
  }
  EXPECT_FALSE(read_utf16(base::ByteView("Received: from a by b"sv)));
  EXPECT_FALSE(read_utf16(base::ByteView(""sv)));
  EXPECT_TRUE(read_utf16(base::ByteView("\xFF\xFE"sv)));
}

}  // namespace
}  // namespace lastgood::mail
