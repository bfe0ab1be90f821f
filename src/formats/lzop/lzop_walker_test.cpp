// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that lzop files are whole and that the checksums of their stored bytes are held to.
#include "formats/lzop/lzop_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Lzop, k_lzop_format, "lzop", {});

TEST(LzopWalker, sees_stored_bytes_whose_checksum_does_not_fit) {
  for (const char* name : {"whole_compressed_sums.in", "whole_crc.in", "whole_random.in"}) {
    std::vector<std::uint8_t> bytes = testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/lzop/testdata/") + name);
    bytes[bytes.size() / 2] ^= 0xFF;
    const WalkReport report = testing::walk_bytes(k_lzop_format, bytes, model::Depth::standard);
    ASSERT_EQ(report.shape, Shape::broken) << name;
    EXPECT_EQ(report.findings.front().rule, "lzop.checksum");
  }
}

}  // namespace lastgood::formats
