// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that xz files of one and many blocks and streams are whole, and that bad blocks are named one by one.
#include "formats/xz/xz_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Xz, k_xz_format, "xz", {});

namespace {
std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/xz/testdata/") + name);
}
}  // namespace

TEST(XzWalker, goes_on_after_a_broken_block) {
  std::vector<std::uint8_t> bytes = sample("whole_blocks.in");
  bytes[300] ^= 0xFF;
  const WalkReport report = testing::walk_bytes(k_xz_format, bytes, model::Depth::full);
  EXPECT_EQ(report.shape, Shape::broken);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_LT(report.findings[0].range.to, bytes.size() / 2);
  EXPECT_EQ(report.end_bytes, bytes.size());
}

TEST(XzWalker, finds_the_footer_in_front_of_appended_bytes) {
  std::vector<std::uint8_t> bytes = sample("whole_blocks.in");
  const std::size_t end = bytes.size();
  const std::vector<std::uint8_t> footer = testing::random_bytes(1556, 9);
  bytes.insert(bytes.end(), footer.begin(), footer.end());
  const WalkReport report = testing::walk_bytes(k_xz_format, bytes, model::Depth::quick);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.end_bytes, end);
}

TEST(XzWalker, allows_padding_of_four_zeros_only) {
  std::vector<std::uint8_t> bytes = sample("whole_text.in");
  bytes.insert(bytes.end(), 8, 0);
  EXPECT_EQ(testing::walk_bytes(k_xz_format, bytes, model::Depth::full).allowed_trailing_bytes, 8U);
  bytes.push_back(0);
  EXPECT_EQ(testing::walk_bytes(k_xz_format, bytes, model::Depth::full).allowed_trailing_bytes, 0U);
}

}  // namespace lastgood::formats
