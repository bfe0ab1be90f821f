// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that packets tile messages and keyrings and that armor must fit its checksum.
#include "formats/openpgp/openpgp_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Openpgp, k_openpgp_format, "openpgp", {.notices_footer = "yes"});

TEST(OpenpgpWalker, believes_two_packets_that_go_on_to_the_end_no_more_than_their_first_bytes) {
  std::vector<std::uint8_t> bytes = testing::random_bytes(20'000, 1);
  bytes[0] = 0x99;  // a public key of 300 bytes, version 4
  bytes[1] = 1;
  bytes[2] = 44;
  bytes[3] = 4;
  bytes[303] = 0xB7;  // a user ID, length unknown
  const WalkReport report = testing::walk_bytes(k_openpgp_format, bytes, model::Depth::full, "patient.hl7");
  EXPECT_TRUE(report.shape != Shape::whole || report.reach == Reach::opening);
}

TEST(OpenpgpWalker, takes_no_random_bytes_for_a_compressed_packet_without_length) {
  // Many: a stream of deflate without a checksum ends by chance in one of some dozens of them.
  for (std::uint8_t seed = 1; seed <= 200; ++seed) {
    std::vector<std::uint8_t> bytes = testing::random_bytes(20'000, seed);
    bytes[0] = 0xA3;  // compressed data, length unknown
    bytes[1] = static_cast<std::uint8_t>(seed % 3 + 1);
    EXPECT_EQ(testing::walk_bytes(k_openpgp_format, bytes, model::Depth::full, "patient.hl7").shape, Shape::foreign);
  }
}

}  // namespace lastgood::formats
