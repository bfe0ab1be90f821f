// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that TIFF files of both orders and widths are whole, and that directories, offsets and strips are held to.
#include "formats/tiff/tiff_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Tiff, k_tiff_format, "tiff", {});

TEST(TiffWalker, names_the_strip_that_does_not_decode) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/tiff/testdata/whole_deflate.in");
  const std::vector<std::uint8_t> noise = testing::random_bytes(64, 3);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 600);
  const WalkReport report = testing::walk_bytes(k_tiff_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "tiff.decode");
}

TEST(TiffWalker, takes_a_directory_that_points_at_itself_for_read_once) {
  // One directory with one entry; its "next" is its own offset.
  const std::vector<std::uint8_t> bytes = {'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0, 1, 3,
                                           0,   1,   0,  0, 0, 5, 0, 0, 0, 8, 0, 0, 0};
  EXPECT_EQ(testing::walk_bytes(k_tiff_format, bytes, model::Depth::full).shape, Shape::whole);
}

}  // namespace lastgood::formats
