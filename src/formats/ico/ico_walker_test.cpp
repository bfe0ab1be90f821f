// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that icons with bitmaps and with PNG pictures are whole, and that every picture must be where it is said to
// be.
#include "formats/ico/ico_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Ico, k_ico_format, "ico", {});

TEST(IcoWalker, names_the_picture_whose_header_was_overwritten) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/ico/testdata/whole_three.in");
  const std::size_t second = bytes[34] + 256U * bytes[35];
  bytes[second] ^= 0xFF;
  const WalkReport report = testing::walk_bytes(k_ico_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().range.from, second);
}

}  // namespace lastgood::formats
