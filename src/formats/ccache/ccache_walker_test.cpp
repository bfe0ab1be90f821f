// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that cache entries by ccache unpack to the size their header names.
#include "formats/ccache/ccache_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Ccache, k_ccache_format, "ccache", {});

TEST(CcacheWalker, holds_the_payload_to_the_size_in_the_header) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/ccache/testdata/whole_result.in");
  bytes[29] ^= 1;
  const WalkReport report = testing::walk_bytes(k_ccache_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().rule, "ccache.stream");
}

}  // namespace lastgood::formats
