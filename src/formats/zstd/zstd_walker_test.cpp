// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that Zstandard files of every frame kind are whole and that block sizes and checksums are held to.
#include "formats/zstd/zstd_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Zstd, k_zstd_format, "zstd", {});

namespace {
std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/zstd/testdata/") + name);
}
}  // namespace

TEST(ZstdWalker, sees_a_checksum_that_does_not_fit) {
  std::vector<std::uint8_t> bytes = sample("whole_text.in");
  bytes.back() ^= 1;
  const WalkReport report = testing::walk_bytes(k_zstd_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "zstd.frame");
}

TEST(ZstdWalker, goes_on_with_the_next_frame_after_a_broken_one) {
  std::vector<std::uint8_t> bytes = sample("whole_three_frames.in");
  bytes[200] ^= 0xFF;
  const WalkReport report = testing::walk_bytes(k_zstd_format, bytes, model::Depth::full);
  EXPECT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.end_bytes, bytes.size());
  ASSERT_FALSE(report.regions.empty());
  EXPECT_EQ(report.regions.back().kind, model::RegionKind::verified);
}

TEST(ZstdWalker, checks_the_frame_when_the_dictionary_is_not_at_hand) {
  const WalkReport report = testing::walk_bytes(k_zstd_format, sample("whole_dictionary.in"), model::Depth::full);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.reach, Reach::frame);
}

}  // namespace lastgood::formats
