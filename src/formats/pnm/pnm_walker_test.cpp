// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that portable anymaps of all kinds are whole, and that their pixels must be there, no fewer and no more.
#include "formats/pnm/pnm_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

// Pixels of any value are pixels: cells inside them are for statistics to find, but the suite's pattern begins at byte
// 0.
LASTGOOD_WALKER_SUITE(Pnm, k_pnm_format, "pnm", {});

TEST(PnmWalker, finds_foreign_bytes_in_decimal_text) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/pnm/testdata/whole_text.in");
  bytes[bytes.size() / 2] = 0xC3;
  const WalkReport report = testing::walk_bytes(k_pnm_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().range.from, bytes.size() / 2);
}

}  // namespace lastgood::formats
