// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that audio files are whole by header and size.
#include "formats/sun_audio/sun_audio_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(SunAudio, k_sun_audio_format, "sun_audio", {});

TEST(SunAudioWalker, takes_the_files_size_where_the_header_says_unknown) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/sun_audio/testdata/whole_pcm16.in");
  for (std::size_t i = 8; i < 12; ++i) bytes[i] = 0xFF;
  const WalkReport report = testing::walk_bytes(k_sun_audio_format, bytes, model::Depth::quick);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.end_bytes, bytes.size());
}

}  // namespace lastgood::formats
