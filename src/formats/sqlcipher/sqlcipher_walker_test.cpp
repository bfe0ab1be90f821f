// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a database named so is weakly believed: whole pages, all of them random, and nothing more is claimed.
#include "formats/sqlcipher/sqlcipher_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Sqlcipher, k_sqlcipher_format, "sqlcipher",
                      {.notices_head = "random bytes over random bytes",
                       .notices_interleaved = "random bytes over random bytes",
                       .notices_full = "random bytes over random bytes"});

TEST(SqlcipherWalker, says_only_what_name_and_size_say) {
  const WalkReport report = testing::walk_bytes(k_sqlcipher_format, testing::random_bytes(8192, 5), model::Depth::full);
  EXPECT_EQ(report.shape, Shape::sealed);
  EXPECT_EQ(report.reach, Reach::opening);
}

TEST(SqlcipherWalker, does_not_believe_a_name_that_something_was_appended_to) {
  const std::vector<std::uint8_t> bytes = testing::random_bytes(8192, 5);
  EXPECT_EQ(testing::walk_bytes(k_sqlcipher_format, bytes, model::Depth::full, "patients.sqlcipher.bak9").shape,
            Shape::foreign);
}

TEST(SqlcipherWalker, does_not_believe_a_page_of_zeros) {
  std::vector<std::uint8_t> bytes = testing::random_bytes(16384, 6);
  std::fill(bytes.begin() + 8192, bytes.begin() + 12288, std::uint8_t{0});
  EXPECT_EQ(testing::walk_bytes(k_sqlcipher_format, bytes, model::Depth::standard).shape, Shape::broken);
}

}  // namespace lastgood::formats
