// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that program streams of both generations are whole, and that packs and packets are held to.
#include "formats/mpeg_ps/mpeg_ps_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(MpegPs, k_mpeg_ps_format, "mpeg_ps", {});

TEST(MpegPsWalker, names_the_gap_and_goes_on_at_the_next_pack) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/mpeg_ps/testdata/whole_dvd.in");
  const std::vector<std::uint8_t> noise = testing::random_bytes(64, 3);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 2048);
  const WalkReport report = testing::walk_bytes(k_mpeg_ps_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range.from, 2048U);
  EXPECT_EQ(report.findings[0].range.to, 4096U);
}

}  // namespace lastgood::formats
