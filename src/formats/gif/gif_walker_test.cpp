// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that still and moving GIF pictures are whole, and that chains, codes and the count of pixels are held to.
#include "formats/gif/gif_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Gif, k_gif_format, "gif", {});

TEST(GifWalker, finds_foreign_cells_inside_one_sub_block) {
  const std::vector<std::uint8_t> good = testing::read_sample(LASTGOOD_FORMATS_DIR "/gif/testdata/whole_still.in");
  int found = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<std::uint8_t> bytes = good;
    const std::vector<std::uint8_t> noise = testing::random_bytes(64, seed);
    std::copy(noise.begin(), noise.end(), bytes.end() - 400);
    if (testing::walk_bytes(k_gif_format, bytes, model::Depth::standard).shape == Shape::broken) ++found;
  }
  EXPECT_GE(found, 18);
}

TEST(GifWalker, allows_a_missing_trailer_and_zeros_behind_it) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/gif/testdata/whole_still.in");
  bytes.pop_back();
  EXPECT_EQ(testing::walk_bytes(k_gif_format, bytes, model::Depth::standard).shape, Shape::whole);
  bytes.push_back(';');
  bytes.insert(bytes.end(), 10, 0);
  EXPECT_EQ(testing::walk_bytes(k_gif_format, bytes, model::Depth::standard).allowed_trailing_bytes, 10U);
}

}  // namespace lastgood::formats
