// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that relation files of a real cluster, with and without checksums, are whole and that replaced pages are
// named.
#include "formats/postgresql/postgresql_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Postgresql, k_postgresql_format, "postgresql", {});

namespace {
constexpr const char* k_btree = LASTGOOD_FORMATS_DIR "/postgresql/testdata/whole_btree_sums.in";
}  // namespace

TEST(PostgresqlWalker, names_the_page_behind_an_intact_first_page) {
  std::vector<std::uint8_t> bytes = testing::read_sample(k_btree);
  ASSERT_EQ(bytes.size(), 2U * 8192U);
  const std::vector<std::uint8_t> noise = testing::random_bytes(8192, 9);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 8192);
  const WalkReport report = testing::walk_bytes(k_postgresql_format, bytes, model::Depth::quick, "16384");
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = 8192, .to = 16384}));
}

TEST(PostgresqlWalker, recognises_a_relation_whose_first_page_was_replaced) {
  std::vector<std::uint8_t> bytes = testing::read_sample(k_btree);
  const std::vector<std::uint8_t> noise = testing::random_bytes(4096, 9);
  std::copy(noise.begin(), noise.end(), bytes.begin());
  const WalkReport report = testing::walk_bytes(k_postgresql_format, bytes, model::Depth::quick, "16384");
  EXPECT_EQ(report.shape, Shape::broken);
}

TEST(PostgresqlWalker, notices_one_bit_where_checksums_are_on) {
  std::vector<std::uint8_t> bytes = testing::read_sample(k_btree);
  bytes[8192 + 8100] ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_postgresql_format, bytes, model::Depth::standard, "16384").shape, Shape::broken);
}

TEST(PostgresqlWalker, does_not_believe_an_index_page_of_which_only_the_header_is_left) {
  std::vector<std::uint8_t> page(8192);
  const auto put16 = [&page](std::size_t at, unsigned value) {
    page[at] = static_cast<std::uint8_t>(value);
    page[at + 1] = static_cast<std::uint8_t>(value >> 8U);
  };
  put16(12, 72);      // lower
  put16(14, 8176);    // upper
  put16(16, 8176);    // special
  put16(18, 0x2004);  // page size and version
  put16(8188, 8);     // a B-tree's meta page
  EXPECT_EQ(testing::walk_bytes(k_postgresql_format, page, model::Depth::full, "2657").shape, Shape::whole);
  const std::vector<std::uint8_t> noise = testing::random_bytes(page.size() - 80, 3);
  std::copy(noise.begin(), noise.end(), page.begin() + 80);
  EXPECT_EQ(testing::walk_bytes(k_postgresql_format, page, model::Depth::full, "2657").shape, Shape::broken);
}

TEST(PostgresqlWalker, finds_a_relation_of_unused_pages_whole_by_its_name) {
  const std::vector<std::uint8_t> bytes(16384, 0);
  EXPECT_EQ(testing::walk_bytes(k_postgresql_format, bytes, model::Depth::standard, "16384.1").shape, Shape::whole);
  EXPECT_EQ(testing::walk_bytes(k_postgresql_format, bytes, model::Depth::standard, "zeros.bin").shape, Shape::foreign);
}

}  // namespace lastgood::formats
