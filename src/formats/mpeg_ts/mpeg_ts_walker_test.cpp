// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that transport streams of recorders are whole, and that the grid of packets is held to from end to end.
#include "formats/mpeg_ts/mpeg_ts_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(MpegTs, k_mpeg_ts_format, "mpeg_ts", {});

TEST(MpegTsWalker, names_the_packets_that_were_overwritten) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/mpeg_ts/testdata/whole_recording.in");
  const std::size_t at = 10 * 188;
  const std::vector<std::uint8_t> noise = testing::random_bytes(376, 3);
  std::copy(noise.begin(), noise.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  const WalkReport report = testing::walk_bytes(k_mpeg_ts_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range.from, at);
  EXPECT_EQ(report.findings[0].range.to, at + 376);
}

}  // namespace lastgood::formats
