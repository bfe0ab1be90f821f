// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that web fonts of both versions are whole, and that their packed tables are unpacked to the last byte.
#include "formats/woff/woff_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Woff, k_woff_format, "woff", {});

TEST(WoffWalker, finds_a_changed_byte_in_the_brotli_stream) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/woff/testdata/whole_brotli.in");
  for (std::size_t i = 200; i < 264; ++i) bytes[i] = static_cast<std::uint8_t>(bytes[i] * 7 + 3);
  EXPECT_EQ(testing::walk_bytes(k_woff_format, bytes, model::Depth::standard).shape, Shape::broken);
}

TEST(WoffWalker, names_the_table_that_does_not_unpack) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/woff/testdata/whole_truetype.in");
  const WalkReport before = testing::walk_bytes(k_woff_format, bytes, model::Depth::full);
  ASSERT_EQ(before.reach, Reach::content);
  const std::size_t middle = bytes.size() / 2;
  for (std::size_t i = middle; i < middle + 64; ++i) bytes[i] ^= 0xC3;
  const WalkReport report = testing::walk_bytes(k_woff_format, bytes, model::Depth::full);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "woff.stream");
}

}  // namespace lastgood::formats
