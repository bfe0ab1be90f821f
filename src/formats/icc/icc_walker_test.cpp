// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that colour profiles are whole, and that every tag must begin with its type.
#include "formats/icc/icc_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Icc, k_icc_format, "icc", {});

TEST(IccWalker, names_the_tag_that_lost_its_type) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/icc/testdata/whole_srgb.in");
  const std::size_t offset = (std::size_t{bytes[138]} << 8U) | bytes[139];  // of the first tag
  bytes[offset + 5] = 9;
  const WalkReport report = testing::walk_bytes(k_icc_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().range.from, offset);
}

}  // namespace lastgood::formats
