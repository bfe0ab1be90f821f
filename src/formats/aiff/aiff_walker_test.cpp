// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that AIFF files are whole, and that their chunks are held to.
#include "formats/aiff/aiff_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Aiff, k_aiff_format, "aiff", {});

TEST(AiffWalker, finds_a_sound_that_was_cut_broken) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/aiff/testdata/whole_sound.in");
  bytes.resize(bytes.size() - 100);
  EXPECT_EQ(testing::walk_bytes(k_aiff_format, bytes, model::Depth::standard).shape, Shape::broken);
}

}  // namespace lastgood::formats
