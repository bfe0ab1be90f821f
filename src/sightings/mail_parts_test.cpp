// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that indicators in encoded bodies and attachments of mails are found, with the offset of their part and how
// they are encoded; that chance in encoded text is not taken for one; and that bombs end at limits that are told.
#include "sightings/mail_parts.h"

#include <gtest/gtest.h>

#include <map>

#include "base/base64.h"
#include "sightings/collect_sightings.h"

namespace lastgood::sightings {
namespace {

constexpr std::string_view k_start = "Return-Path: <a@s.example>\nFrom: a@s.example\nSubject: x\nMIME-Version: 1.0\n";

struct Looked {
  std::map<std::string, std::string> values;  // value to "encoding offset"
  struct {
    std::vector<model::ByteRange> encoded;
    std::vector<std::string> left_out;
  } look;
};

Looked look_into(const std::string& bytes) {
  base::MemorySource source{base::ByteView(bytes)};
  Looked looked;
  MailLook look(source, base::ByteView(std::string_view(bytes).substr(0, 65536)),
                [&](std::string_view encoding, indicators::FoundIndicator found) {
                  looked.values[found.value] = std::string(encoding) + " " + std::to_string(found.offset_bytes);
                });
  EXPECT_TRUE(look.advance(bytes.size()).ok());
  looked.look = {look.encoded(), look.left_out()};
  return looked;
}

/// Base64 in lines of 76.
std::string folded(const std::string& text) {
  std::string lines;
  const std::string flat = base::base64(base::ByteView(text));
  for (std::size_t at = 0; at < flat.size(); at += 76) lines += flat.substr(at, 76) + "\n";
  return lines;
}

std::string part(const std::string& type, const std::string& encoding, const std::string& body) {
  return "--b\nContent-Type: " + type + "\nContent-Transfer-Encoding: " + encoding + "\n\n" + body;
}

std::string mail_of(const std::string& parts) {
  return std::string(k_start) + "Content-Type: multipart/mixed; boundary=b\n\n" + parts + "--b--\n";
}

TEST(MailParts, finds_what_stands_behind_base64_and_quoted_printable) {
  const std::string wide = [] {
    std::string text;
    for (const char c : std::string(" cat77@onionmail.org ")) text += std::string(1, c) + '\0';
    return text;
  }();
  const std::string mail =
      mail_of(part("text/plain", "7bit", "plain dog2398@protonmail.com\n") +
              part("text/html", "Base64", folded("write to mouse63209@protonmail.com now")) +
              part("application/octet-stream", "base64", folded(wide)) +
              part("text/plain", "quoted-printable", "at http://x.example.org/a=3Fb=3Dsplit=\nted now\n"));
  const Looked looked = look_into(mail);
  const auto offset = [&](std::string_view start) { return std::to_string(mail.find(start)); };
  EXPECT_EQ(looked.values.at("mouse63209@protonmail.com"),
            "base64 " + offset(folded("write to mouse63209").substr(0, 20)));
  EXPECT_EQ(looked.values.at("http://x.example.org/a?b=splitted"), "quoted-printable " + offset("at http"));
  EXPECT_EQ(looked.values.at("cat77@onionmail.org"), "base64 " + offset(folded(wide).substr(0, 20)));
  EXPECT_FALSE(looked.values.contains("dog2398@protonmail.com"));  // stands there as it is: found without
  ASSERT_EQ(looked.look.encoded.size(), 1U);
  EXPECT_TRUE(lies_in(looked.look.encoded, mail.find("at http")));
  EXPECT_FALSE(lies_in(looked.look.encoded, mail.find("plain dog")));
  EXPECT_TRUE(looked.look.left_out.empty());
}

TEST(MailParts, goes_into_mails_that_are_attached_encoded_as_far_as_it_says) {
  std::string inner = mail_of(part("text/plain", "base64", folded("deep@protonmail.com")));
  for (int i = 1; i < 3; ++i) inner = mail_of(part("message/rfc822", "base64", folded(inner)));
  const Looked looked = look_into(inner);
  EXPECT_TRUE(looked.values.contains("deep@protonmail.com"));
  EXPECT_TRUE(looked.look.left_out.empty());
  const Looked deeper = look_into(mail_of(part("message/rfc822", "base64", folded(inner))));
  EXPECT_FALSE(deeper.values.contains("deep@protonmail.com"));
  ASSERT_EQ(deeper.look.left_out.size(), 1U);
}

TEST(MailParts, looks_into_each_mail_of_a_mailbox_with_its_own_offsets) {
  const std::string mail = mail_of(part("text/plain", "base64", folded("dog2398@protonmail.com"))) + "\n";
  const std::string from = "From a@s.example Wed Nov 23 07:07:00 2022\n";
  std::string other = mail;
  other.replace(other.find(folded("dog2398@protonmail.com")), folded("dog2398@protonmail.com").size(),
                folded("mouse63209@protonmail.com"));
  const std::string box = from + mail + from + other;
  const Looked looked = look_into(box);
  EXPECT_EQ(looked.values.at("mouse63209@protonmail.com"),
            "base64 " + std::to_string(box.find(folded("mouse63209@protonmail.com"))));
}

TEST(MailParts, keeps_no_text_from_being_searched_by_a_wrong_label) {
  const std::string random = [] {
    std::string bytes;
    for (int i = 0; i < 6000; ++i) bytes += static_cast<char>(i * i * 31 + i / 7);
    return bytes;
  }();
  EXPECT_EQ(look_into(mail_of(part("a/b", "base64", folded(random)))).look.encoded.size(), 1U);
  const std::string text = folded(random) + "write to dog2398@protonmail.com\n";
  EXPECT_TRUE(look_into(mail_of(part("a/b", "base64", text))).look.encoded.empty());
}

TEST(MailParts, leaves_files_alone_that_are_no_mails) {
  for (const std::string& text :
       {std::string(),
        std::string("\x7F"
                    "ELF"),
        "x: y\n\n" + folded("dog2398@protonmail.com"),
        std::string("Content-Transfer-Encoding: base64\nServer: x\n\n") + folded("dog2398@protonmail.com")}) {
    const Looked looked = look_into(text);
    EXPECT_TRUE(looked.values.empty());
    EXPECT_TRUE(looked.look.encoded.empty());
  }
}

TEST(MailParts, says_where_bombs_were_cut) {
  std::string wide;
  for (int i = 0; i < 20'000; ++i) wide += part("text/plain", "base64", folded("dog2398@protonmail.com"));
  EXPECT_EQ(look_into(mail_of(wide)).look.left_out.size(), 1U);
  std::string deep(k_start);
  for (int i = 0; i < 2'000; ++i) {
    const std::string name = "b" + std::to_string(i);
    deep += "Content-Type: multipart/mixed; boundary=" + name + "\n\n--" + name + "\n";
  }
  deep += "Content-Transfer-Encoding: base64\n\n" + folded("dog2398@protonmail.com");
  EXPECT_EQ(look_into(deep).look.left_out.size(), 1U);
  const std::string mail = mail_of(part("text/html", "base64", folded("mouse63209@protonmail.com")));
  for (std::size_t cut = 0; cut <= mail.size(); ++cut) (void)look_into(mail.substr(0, cut));
}

TEST(MailParts, are_shown_with_their_encoding) {
  SeenIndicator seen;
  EXPECT_EQ(encoding_of(seen), "ascii");
  seen.part_encoding = "base64";
  EXPECT_EQ(encoding_of(seen), "base64");
  seen.first.encoding = indicators::TextEncoding::utf16le;
  EXPECT_EQ(encoding_of(seen), "base64 of utf-16le");
}

}  // namespace
}  // namespace lastgood::sightings
