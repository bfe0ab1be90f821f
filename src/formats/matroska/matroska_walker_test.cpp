// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that Matroska and WebM files are whole, and that elements, blocks and checksums are held to.
#include "formats/matroska/matroska_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Matroska, k_matroska_format, "matroska", {});

TEST(MatroskaWalker, finds_a_changed_byte_inside_a_block_by_the_checksum_of_its_cluster) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/matroska/testdata/whole_movie.in");
  const base::ByteView view{std::span<const std::uint8_t>(bytes)};
  const std::size_t cluster = view.find("\x1F\x43\xB6\x75", 600);
  ASSERT_NE(cluster, base::ByteView::npos);
  bytes[cluster + 200] ^= 1;
  const WalkReport report = testing::walk_bytes(k_matroska_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "matroska.crc");
}

}  // namespace lastgood::formats
