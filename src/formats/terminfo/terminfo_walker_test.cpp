// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that descriptions by tic, with extended parts and wide numbers, are whole to their last byte.
#include "formats/terminfo/terminfo_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Terminfo, k_terminfo_format, "terminfo", {});

TEST(TerminfoWalker, finds_a_string_that_begins_behind_all_strings) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/terminfo/testdata/whole_extended.in");
  const std::size_t names = bytes[2];
  const std::size_t flags = bytes[4];
  const std::size_t numbers_at = (12 + names + flags + 1) / 2 * 2;
  const std::size_t offsets_at = numbers_at + bytes[6] * std::size_t{2};
  bytes[offsets_at + 2] = 0xF0;
  bytes[offsets_at + 3] = 0x7F;
  EXPECT_EQ(testing::walk_bytes(k_terminfo_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
