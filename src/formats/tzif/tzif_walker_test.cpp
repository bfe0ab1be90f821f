// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that time zone files of both versions are whole to their last byte.
#include "formats/tzif/tzif_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Tzif, k_tzif_format, "tzif", {});

TEST(TzifWalker, finds_a_time_of_a_type_that_does_not_exist) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/tzif/testdata/whole_berlin.in");
  std::uint32_t times = 0;
  for (std::size_t i = 32; i < 36; ++i) times = (times << 8U) | bytes[i];
  ASSERT_GT(times, 1U);
  bytes[44 + times * 4 + 1] = 0xEE;
  const WalkReport report = testing::walk_bytes(k_tzif_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().rule, "tzif.times");
}

}  // namespace lastgood::formats
