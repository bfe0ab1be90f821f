// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that WAV, WebP and AVI files are whole, and that chunks and frames are held to.
#include "formats/riff/riff_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Riff, k_riff_format, "riff", {});

TEST(RiffWalker, takes_a_recording_whose_lengths_were_left_open_for_whole) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/riff/testdata/whole_pulses.in");
  const std::size_t data = base::ByteView(std::span<const std::uint8_t>(bytes)).find("data");
  for (std::size_t i = 0; i < 4; ++i) bytes[4 + i] = bytes[data + 4 + i] = 0xFF;
  EXPECT_EQ(testing::walk_bytes(k_riff_format, bytes, model::Depth::standard).shape, Shape::whole);
}

TEST(RiffWalker, names_the_frame_of_an_avi_that_does_not_fit) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/riff/testdata/whole_movie.in");
  const base::ByteView view{std::span<const std::uint8_t>(bytes)};
  const std::size_t frame = view.find("00dc", view.find("movi"));
  bytes[frame] = 0x9A;
  const WalkReport report = testing::walk_bytes(k_riff_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "riff.frame");
  EXPECT_EQ(report.findings.front().range.from, frame);
}

}  // namespace lastgood::formats
