// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves base64 by the test vectors of RFC 4648 section 10 and by bytes that text never holds.
#include "base/base64.h"

#include <gtest/gtest.h>

#include <string_view>

namespace lastgood::base {

using namespace std::string_view_literals;

TEST(Base64, agrees_with_the_vectors_of_rfc_4648) {
  EXPECT_EQ(base64(ByteView(""sv)), "");
  EXPECT_EQ(base64(ByteView("f"sv)), "Zg==");
  EXPECT_EQ(base64(ByteView("fo"sv)), "Zm8=");
  EXPECT_EQ(base64(ByteView("foo"sv)), "Zm9v");
  EXPECT_EQ(base64(ByteView("foobar"sv)), "Zm9vYmFy");
}

TEST(Base64, carries_any_byte) { EXPECT_EQ(base64(ByteView("\xff\xfe\0\xfb"sv)), "//4A+w=="); }

TEST(Base64, reads_back_what_it_wrote_and_nothing_else) {
  for (const std::string_view text : {"", "a", "ab", "abc", "\xff\xfe\x01"})
    EXPECT_EQ(parse_base64(base64(ByteView(text))), std::string(text));
  for (const std::string_view wrong : {"YQ", "YQ=", "Y===", "YQ==\n", "Y Q=", "=YQ="})
    EXPECT_FALSE(parse_base64(wrong)) << wrong;
}

}  // namespace lastgood::base
