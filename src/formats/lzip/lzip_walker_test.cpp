// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that lzip files of one and many members are whole and that bad members are named one by one.
#include "formats/lzip/lzip_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Lzip, k_lzip_format, "lzip", {});

TEST(LzipWalker, goes_on_after_a_broken_member) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/lzip/testdata/whole_two_members.in");
  bytes[100] ^= 0xFF;
  const WalkReport report = testing::walk_bytes(k_lzip_format, bytes, model::Depth::full);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.size(), 1U);
  ASSERT_FALSE(report.regions.empty());
  EXPECT_EQ(report.regions.back().kind, model::RegionKind::verified);
}

}  // namespace lastgood::formats
