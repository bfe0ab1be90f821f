// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that PNG files by common tools are whole, and that every chunk's length, order and checksum is held to.
#include "formats/png/png_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Png, k_png_format, "png", {});

TEST(PngWalker, names_the_chunk_whose_checksum_does_not_fit) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/png/testdata/whole_gradient.in");
  bytes[bytes.size() / 2] ^= 1;
  const WalkReport report = testing::walk_bytes(k_png_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().rule, "png.crc");
}

TEST(PngWalker, tells_where_the_image_ends_when_bytes_follow) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/png/testdata/whole_gradient.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 100, 0x41);
  const WalkReport report = testing::walk_bytes(k_png_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.end_bytes, end);
}

}  // namespace lastgood::formats
