// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that TrueType, OpenType and collections are whole, and that a changed table is found by its checksum.
#include "formats/sfnt/sfnt_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Sfnt, k_sfnt_format, "sfnt", {});

TEST(SfntWalker, names_the_table_whose_checksum_does_not_fit) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/sfnt/testdata/whole_truetype.in");
  bytes[bytes.size() - 20] ^= 0x10;
  const WalkReport report = testing::walk_bytes(k_sfnt_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "sfnt.checksum");
}

TEST(SfntWalker, leaves_a_font_alone_whose_tool_wrote_no_checksums) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/sfnt/testdata/whole_truetype.in");
  const std::size_t tables = bytes[5];
  for (std::size_t i = 0; i < tables; ++i) bytes[12 + i * 16 + 7] ^= 0x55;
  EXPECT_EQ(testing::walk_bytes(k_sfnt_format, bytes, model::Depth::full).shape, Shape::whole);
}

}  // namespace lastgood::formats
