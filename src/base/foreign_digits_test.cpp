// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the digits of each script are read, and nothing else is taken for one.
#include "base/foreign_digits.h"

#include <gtest/gtest.h>

#include "base/utf8.h"

namespace lastgood::base {
namespace {

TEST(ForeignDigits, are_the_decimal_digits_of_twelve_scripts_and_nothing_beside_them) {
  std::size_t found = 0;
  for (std::uint32_t code = 0; code < 0x110000; ++code) {
    std::string text;
    append_utf8(text, code);
    const ForeignDigit digit = find_foreign_digit(text);
    if (digit.bytes == 0) continue;
    ++found;
    EXPECT_EQ(digit.bytes, text.size());
    const bool is_indian = code >= 0x966 && code <= 0xD6F;
    const std::uint32_t zero = is_indian      ? 0x66 + (code & ~0x7FU)
                               : code < 0x6F0 ? 0x660
                               : code < 0x700 ? 0x6F0
                                              : 0xFF10;
    EXPECT_EQ(digit.digit, static_cast<char>('0' + (code - zero))) << std::hex << code;
  }
  EXPECT_EQ(found, 120U);
}

TEST(ForeignDigits, are_put_in_the_place_of_ours_and_the_rest_stays) {
  std::string scratch;
  EXPECT_EQ(with_ascii_digits("\u0969\u0967/\u0967\u0968/1980 \u091C", scratch), "31/12/1980 \u091C");
  const std::string_view plain = "31/12/1980";
  EXPECT_EQ(with_ascii_digits(plain, scratch).data(), plain.data());
  EXPECT_EQ(with_ascii_digits("\xE0\xA5", scratch), "\xE0\xA5");
  EXPECT_EQ(with_ascii_digits("", scratch), "");
}

}  // namespace
}  // namespace lastgood::base
