// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that bzip2 files are whole, and that their end mark is found at every bit position.
#include "formats/bzip2/bzip2_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Bzip2, k_bzip2_format, "bzip2", {});

namespace {
std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/bzip2/testdata/") + name);
}
}  // namespace

TEST(Bzip2Walker, finds_the_end_mark_without_decoding) {
  for (const char* name : {"whole_text.in", "whole_two_streams.in", "whole_short_1.in", "whole_short_2.in",
                           "whole_short_3.in", "whole_empty.in"}) {
    std::vector<std::uint8_t> bytes = sample(name);
    const WalkReport report = testing::walk_bytes(k_bzip2_format, bytes, model::Depth::quick);
    EXPECT_EQ(report.end_bytes, bytes.size()) << name;
    bytes.push_back('x');
    EXPECT_EQ(testing::walk_bytes(k_bzip2_format, bytes, model::Depth::quick).shape, Shape::broken) << name;
  }
}

TEST(Bzip2Walker, sees_a_block_whose_checksum_does_not_fit) {
  std::vector<std::uint8_t> bytes = sample("whole_text.in");
  bytes[10] ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_bzip2_format, bytes, model::Depth::standard).shape, Shape::broken);
}

}  // namespace lastgood::formats
