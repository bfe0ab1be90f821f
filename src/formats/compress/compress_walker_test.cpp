// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that .Z files of every code width are whole and that codes the decoder cannot know yet are seen.
#include "formats/compress/compress_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Compress, k_compress_format, "compress",
                      {.notices_footer = "the format knows neither its end nor a checksum"});

TEST(CompressWalker, sees_random_bytes_behind_a_plain_head) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/compress/testdata/whole_text.in");
  const std::vector<std::uint8_t> noise = testing::random_bytes(bytes.size(), 3);
  std::copy(noise.begin() + 80, noise.end(), bytes.begin() + 80);
  EXPECT_EQ(testing::walk_bytes(k_compress_format, bytes, model::Depth::standard).shape, Shape::broken);
}

}  // namespace lastgood::formats
