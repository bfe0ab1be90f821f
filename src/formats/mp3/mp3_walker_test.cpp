// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that MP3 and ADTS files with and without tags are whole, and that the chain of frames is held to.
#include "formats/mp3/mp3_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Mp3, k_mp3_format, "mp3", {});

TEST(Mp3Walker, names_the_gap_in_the_chain_of_frames) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/mp3/testdata/whole_tagged.in");
  const std::size_t at = bytes.size() / 2;
  const std::vector<std::uint8_t> noise = testing::random_bytes(600, 3);
  std::copy(noise.begin(), noise.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  const WalkReport report = testing::walk_bytes(k_mp3_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_GE(report.findings[0].range.from, at);
  EXPECT_LT(report.findings[0].range.from, at + 600);
  EXPECT_GE(report.findings[0].range.to, at + 600);
}

TEST(Mp3Walker, is_not_a_flac_file_behind_a_tag) {
  const std::vector<std::uint8_t> bytes = {'I', 'D', '3', 3, 0, 0, 0, 0, 0, 0, 'f', 'L', 'a', 'C', 0, 0, 0, 34};
  EXPECT_EQ(testing::walk_bytes(k_mp3_format, bytes, model::Depth::standard).shape, Shape::foreign);
}

}  // namespace lastgood::formats
