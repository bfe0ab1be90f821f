// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that databases of every layout are whole and that pages which were replaced are named by their bytes.
#include "formats/sqlite/sqlite_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Sqlite, k_sqlite_format, "sqlite", {});

namespace {
std::vector<std::uint8_t> plain_database() {
  return testing::read_sample(LASTGOOD_FORMATS_DIR "/sqlite/testdata/whole_tables.in");
}
}  // namespace

TEST(SqliteWalker, names_the_bytes_of_replaced_pages) {
  std::vector<std::uint8_t> bytes = plain_database();
  const std::vector<std::uint8_t> noise = testing::random_bytes(1024, 7);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 5 * 512);
  const WalkReport report = testing::walk_bytes(k_sqlite_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  ASSERT_EQ(report.findings.size(), 1U);
  EXPECT_EQ(report.findings[0].rule, "sqlite.page");
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = 5 * 512, .to = 7 * 512}));
}

TEST(SqliteWalker, notices_a_missing_last_page) {
  std::vector<std::uint8_t> bytes = plain_database();
  bytes.resize(bytes.size() - 512);
  EXPECT_EQ(testing::walk_bytes(k_sqlite_format, bytes, model::Depth::quick).shape, Shape::broken);
}

TEST(SqliteWalker, allows_zeros_reserved_behind_the_last_page) {
  std::vector<std::uint8_t> bytes = plain_database();
  bytes.resize(bytes.size() + 4096);
  const WalkReport report = testing::walk_bytes(k_sqlite_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.allowed_trailing_bytes, 4096U);
}

}  // namespace lastgood::formats
