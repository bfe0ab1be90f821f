// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that gocryptfs files are told by version, name and block arithmetic together, and by nothing less.
#include "formats/gocryptfs/gocryptfs_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Gocryptfs, k_gocryptfs_format, "gocryptfs",
                      {.notices_head = "yes", .notices_footer = "a longer last block is valid", .made_whole = [] {
                         std::vector<std::uint8_t> bytes = testing::random_bytes(18 + 4128 + 500, 3);
                         bytes[0] = 0;
                         bytes[1] = 2;
                         return std::vector<testing::Sample>{
                             {.name = "Zk2Q7x_0pLd4VvB9-eRt1A", .bytes = bytes},
                             {.name = "gocryptfs.diriv", .bytes = testing::random_bytes(16, 4)}};
                       }});

TEST(GocryptfsWalker, takes_nothing_for_its_own_without_an_encrypted_name) {
  std::vector<std::uint8_t> bytes = testing::random_bytes(1000, 3);
  bytes[0] = 0;
  bytes[1] = 2;
  EXPECT_EQ(testing::walk_bytes(k_gocryptfs_format, bytes, model::Depth::full, "ward.db").shape, Shape::foreign);
}

}  // namespace lastgood::formats
