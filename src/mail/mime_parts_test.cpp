// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that parts are found with their exact bytes, that nesting and counting bombs end at their limits, and that
// bodies decode.
#include "mail/mime_parts.h"

#include <gtest/gtest.h>

namespace lastgood::mail {
namespace {

MimeParts parts_of(const std::string& mail) { return find_mime_parts(base::ByteView(mail)); }

std::string body_of(const std::string& mail, const MimePart& part) {
  return mail.substr(part.body.from, part.body.length());
}

TEST(MimeParts, gives_each_part_its_bytes) {
  const std::string mail =
      "Subject: x\r\nContent-Type: multipart/mixed; boundary=\"a;b\"\r\n\r\npreamble\r\n--a;b\r\nContent-Type: "
      "text/plain;\r\n "
      "charset=UTF-8\r\n\r\none\r\n--a;b\r\n\r\nno header\r\n--a;b\r\nContent-Type: multipart/alternative; "
      "boundary=in\r\n\r\n--in\r\n"
      "Content-Type: application/pdf; name=f.pdf\r\nContent-Transfer-Encoding: "
      "BASE64\r\n\r\naGVs\r\nbG8=\r\n--in--\r\n--a;b--\r\nend\r\n";
  const MimeParts found = parts_of(mail);
  ASSERT_EQ(found.parts.size(), 5U);
  EXPECT_TRUE(found.findings.empty());
  EXPECT_FALSE(found.parts[0].is_leaf);
  EXPECT_EQ(body_of(mail, found.parts[1]), "one");
  EXPECT_EQ(found.parts[1].charset, "utf-8");
  EXPECT_EQ(body_of(mail, found.parts[2]), "no header");
  EXPECT_EQ(found.parts[4].depth, 2U);
  EXPECT_EQ(found.parts[4].file_name, "f.pdf");
  EXPECT_EQ(decode_body(base::ByteView(mail), found.parts[4], 100).bytes, "hello");
  EXPECT_EQ(decode_body(base::ByteView(mail), found.parts[4], 2).bytes, "he");
}

TEST(MimeParts, goes_into_mails_inside_mails) {
  const std::string mail =
      "Content-Type: message/rfc822\n\nReceived: from a by b\nContent-Type: multipart/mixed; "
      "boundary=x\n\n--x\n\ntext\n--x--\n";
  const MimeParts found = parts_of(mail);
  ASSERT_EQ(found.parts.size(), 3U);
  EXPECT_EQ(body_of(mail, found.parts[2]), "text");
  EXPECT_EQ(mail.substr(found.parts[1].header.from, 9), "Received:");
}

TEST(MimeParts, ends_at_its_limits_for_bombs) {
  std::string deep;
  for (int i = 0; i < 5000; ++i)
    deep += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) + "\n";
  const MimeParts nested = parts_of(deep);
  EXPECT_EQ(nested.parts.size(), k_mime_depth_max);
  EXPECT_EQ(nested.findings.at(0).rule, "mail.mime.many");
  std::string wide = "Content-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 100'000; ++i) wide += "--b\n\nx\n";
  EXPECT_EQ(parts_of(wide).parts.size(), k_mime_parts_max);
  std::string mails;
  for (int i = 0; i < 5000; ++i) mails += "Content-Type: message/rfc822\n\n";
  EXPECT_EQ(parts_of(mails).parts.size(), k_mime_depth_max);
}

TEST(MimeParts, survives_cuts_and_takes_the_same_boundary_twice) {
  const std::string mail =
      "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/mixed; "
      "boundary=x\n\n--x\n\na\n--x--\n--x--\n";
  for (std::size_t cut = 0; cut <= mail.size(); ++cut) {
    const std::string part = mail.substr(0, cut);
    for (const MimePart& found : parts_of(part).parts) EXPECT_LE(found.body.to, part.size());
  }
  EXPECT_EQ(parts_of("Content-Type: multipart/mixed\n\nx\n").findings.at(0).rule, "mail.mime.boundary");
  EXPECT_EQ(parts_of("Content-Type: multipart/mixed; boundary=x\n\n--x\n\na\n").parts.size(), 2U);
  EXPECT_EQ(parts_of("").parts.size(), 1U);
}

TEST(MimeParts, decodes_quoted_printable) {
  const std::string mail = "Content-Transfer-Encoding: quoted-printable\n\na=3Db=\nc=E9 =zz=";
  const MimeParts found = parts_of(mail);
  EXPECT_EQ(decode_body(base::ByteView(mail), found.parts.at(0), 100).bytes, "a=bc\xE9 =zz=");
}

}  // namespace
}  // namespace lastgood::mail
