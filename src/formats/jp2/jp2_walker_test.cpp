// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that JPEG 2000 files and codestreams are whole, and that boxes, tile-parts and data bytes are held to.
#include "formats/jp2/jp2_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Jp2, k_jp2_format, "jp2", {});

TEST(Jp2Walker, finds_foreign_bytes_in_packets_by_what_follows_0xff) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/jp2/testdata/whole_stream.in");
  bytes[bytes.size() / 2] = 0xFF;
  bytes[bytes.size() / 2 + 1] = 0xA0;
  const WalkReport report = testing::walk_bytes(k_jp2_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "jp2.data");
}

TEST(Jp2Walker, takes_a_codestream_without_end_marker_for_whole_when_all_tiles_are_there) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/jp2/testdata/whole_stream.in");
  bytes.resize(bytes.size() - 2);
  EXPECT_EQ(testing::walk_bytes(k_jp2_format, bytes, model::Depth::standard).shape, Shape::whole);
  bytes.resize(bytes.size() - 100);
  EXPECT_EQ(testing::walk_bytes(k_jp2_format, bytes, model::Depth::standard).shape, Shape::broken);
}

}  // namespace lastgood::formats
