// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that ACLs in text become what the kernel takes, or nothing at all; real ones come with the source suite.
#include "sources/acl_text.h"

#include <string>

#include <gtest/gtest.h>

namespace lastgood::sources {
namespace {

using namespace std::string_literals;

std::optional<std::string> parse(std::string_view text) {
  return parse_acl_text(text, [](NameKind kind, std::string_view name) -> std::optional<std::uint32_t> {
    if (name == "anita") return kind == NameKind::user ? 7 : 8;
    return std::nullopt;
  });
}

std::string entry(int tag, int permissions, std::uint32_t id) {
  std::string bytes{static_cast<char>(tag), '\0', static_cast<char>(permissions), '\0'};
  for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(id >> shift));
  return bytes;
}

TEST(AclText, becomes_the_kernels_form_in_the_kernels_order) {
  const std::string expected = std::string("\2\0\0\0", 4) + entry(1, 7, UINT32_MAX) + entry(2, 4, 7) +
                               entry(2, 6, 1000) + entry(4, 5, UINT32_MAX) + entry(8, 1, 8) + entry(8, 0, 2000) +
                               entry(16, 7, UINT32_MAX) + entry(32, 0, UINT32_MAX);
  EXPECT_EQ(
      parse("user::rwx,user:1000:rw-,user:anita:r--,group::r-x,group:2000:---,group:anita:--x,mask::rwx,other::---"),
      expected);
  EXPECT_EQ(parse("user::rwx\nuser:x:rw-:1000\nuser:anita:r--:7 # effective:r--\ngroup::r-x\n"
                  "group:2000:---\ngroup:anita:--x\nmask:rwx\nother:---\n"),
            expected);
}

TEST(AclText, names_nobody_whose_number_nobody_knows) {
  for (const char* text : {"", ",", "user", "user::", "user::rwxr", "user::q", "user:nobody-knows:rwx", "nobody::rwx",
                           "user::rwx,group", "mask", "user:1000", "user:4294967295:rwx"}) {
    EXPECT_EQ(parse(text), std::nullopt) << text;
  }
}

TEST(AclText, takes_names_with_their_numbers_beside_them) {
  const std::string expected = "\x02\0\0\0"s + entry(1, 7, UINT32_MAX) + entry(2, 4, 0) + entry(2, 6, 1234) +
                               entry(4, 5, UINT32_MAX) + entry(8, 1, 7) + entry(16, 7, UINT32_MAX) +
                               entry(32, 0, UINT32_MAX);
  EXPECT_EQ(parse_acl_text("user::rwx\nuser:nobody:rw-:1234\nuser:root:r--:0\ngroup::r-x\n"
                           "group:7:--x\nmask::rwx\nother::---"),
            expected);
  EXPECT_EQ(parse_acl_text("u::rwx,o::---,g::r-x # words"),
            "\x02\0\0\0"s + entry(1, 7, UINT32_MAX) + entry(4, 5, UINT32_MAX) + entry(32, 0, UINT32_MAX));
}

TEST(AclText, is_refused_when_it_is_none) {
  for (const char* const text :
       {"", "user::rwx", "user::rwx\ngroup::r-x\nother::---\nother::---", "user::rwx\ngroup::rwz\nother::---",
        "user::rwx\nuser:somebody:rwx\ngroup::r-x\nmask::r--\nother::---",           // a name without a number
        "user::rwx\nuser:5:rwx:5\ngroup::r-x\nother::---",                           // no mask
        "user::rwx\nuser:a:rwx:5\nuser:b:r--:5\ngroup::r-x\nmask::r--\nother::---",  // twice
        "user::rwx\ngroup::r-x\nother:me:---", "user::rwx:\n:::::"}) {
    EXPECT_FALSE(parse_acl_text(text)) << text;
  }
  std::string huge = "user::rwx\ngroup::r-x\nmask::rwx\nother::---";
  for (int i = 0; i < 10'000; ++i) huge += "\nuser:" + std::to_string(i) + ":rwx";
  EXPECT_FALSE(parse_acl_text(huge));
}

}  // namespace
}  // namespace lastgood::sources
