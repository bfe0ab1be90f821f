// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that bitmaps of all header generations are whole, and that the pixels must be there in full.
#include "formats/bmp/bmp_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Bmp, k_bmp_format, "bmp", {});

TEST(BmpWalker, knows_where_the_pixels_end_though_the_file_says_nothing) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/bmp/testdata/whole_24_bits.in");
  const std::size_t end = bytes.size();
  for (std::size_t i = 2; i < 6; ++i) bytes[i] = 0;
  bytes.insert(bytes.end(), 40, 0x77);
  EXPECT_EQ(testing::walk_bytes(k_bmp_format, bytes, model::Depth::standard).end_bytes, end);
}

}  // namespace lastgood::formats
