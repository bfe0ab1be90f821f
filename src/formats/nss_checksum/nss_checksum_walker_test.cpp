// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that signature files of NSS are tiled by the numbers they hold.
#include "formats/nss_checksum/nss_checksum_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(NssChecksum, k_nss_checksum_format, "nss_checksum", {});

TEST(NssChecksumWalker, finds_a_number_longer_than_the_file) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/nss_checksum/testdata/whole_freebl.in");
  bytes[12] = 1;
  EXPECT_EQ(testing::walk_bytes(k_nss_checksum_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
