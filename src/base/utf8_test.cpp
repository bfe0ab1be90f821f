// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that one wrong byte is seen wherever it stands, also where most of a text is passed over in steps.
#include "base/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace lastgood::base {
namespace {

TEST(IsUtf8, sees_one_wrong_byte_at_every_place) {
  for (std::size_t length = 1; length < 40; ++length) {
    const std::string plain(length, 'x');
    EXPECT_TRUE(is_utf8(plain));
    for (std::size_t at = 0; at < length; ++at) {
      std::string wrong = plain;
      wrong[at] = '\xFF';
      EXPECT_FALSE(is_utf8(wrong)) << length << " bytes, wrong at " << at;
    }
  }
}

TEST(IsUtf8, takes_long_characters_at_every_place) {
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string around(before, 'x');
    EXPECT_TRUE(is_utf8(around + "\xE0\xA4\x85" + around + "\xF0\x9F\x8F\xA5" + around));
    EXPECT_FALSE(is_utf8(around + "\xE0\xA4" + around)) << "a character that was cut, after " << before;
  }
}

}  // namespace
}  // namespace lastgood::base
