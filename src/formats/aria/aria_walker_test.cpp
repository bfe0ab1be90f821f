// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that tables with and without transactions are whole and that pages are held to their CRC-32.
#include "formats/aria/aria_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Aria, k_aria_format, "aria", {});

TEST(AriaWalker, names_the_data_page_in_which_one_bit_changed) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/aria/testdata/whole_rows.in");
  bytes[8192 + 5000] ^= 1;
  const WalkReport report = testing::walk_bytes(k_aria_format, bytes, model::Depth::standard, "patients.MAD");
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = 8192, .to = 2 * 8192}));
}

}  // namespace lastgood::formats
