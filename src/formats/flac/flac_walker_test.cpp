// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that FLAC files are whole, and that every frame is held to its checksums.
#include "formats/flac/flac_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Flac, k_flac_format, "flac", {});

TEST(FlacWalker, names_the_frame_that_was_changed_and_goes_on_behind_it) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/flac/testdata/whole_mono.in");
  const std::size_t at = bytes.size() - 3000;
  bytes[at] ^= 0x10;
  const WalkReport report = testing::walk_bytes(k_flac_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_LE(report.findings[0].range.from, at);
  EXPECT_GT(report.findings[0].range.to, at);
  EXPECT_LT(report.findings[0].range.to, bytes.size());
}

}  // namespace lastgood::formats
