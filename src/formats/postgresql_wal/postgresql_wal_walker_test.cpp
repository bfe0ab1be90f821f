// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that log segments are whole whatever stands behind the end of the log, and that a changed record is named.
#include "formats/postgresql_wal/postgresql_wal_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

/// The first pages of a real segment; servers write 16 MiB, of which most is the same again.
std::vector<std::uint8_t> first_pages() {
  return testing::read_sample(LASTGOOD_FORMATS_DIR "/postgresql_wal/testdata/whole_first_pages.in");
}

std::vector<testing::Sample> with_unwritten_room() {
  std::vector<std::uint8_t> bytes = first_pages();
  bytes.resize(bytes.size() + 10 * 8192, 0);
  return {{.name = "000000010000000000000001", .bytes = bytes}};
}

}  // namespace

LASTGOOD_WALKER_SUITE(PostgresqlWal, k_postgresql_wal_format, "postgresql_wal", {.made_whole = with_unwritten_room});

TEST(PostgresqlWalWalker, names_the_record_in_which_one_bit_changed) {
  std::vector<std::uint8_t> bytes = first_pages();
  bytes[8192 + 2000] ^= 1;
  const WalkReport report = testing::walk_bytes(k_postgresql_wal_format, bytes, model::Depth::full);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().rule, "postgresql-wal.record");
}

TEST(PostgresqlWalWalker, allows_pages_of_an_earlier_life_of_the_segment_and_no_others) {
  std::vector<std::uint8_t> bytes = first_pages();
  ASSERT_EQ(bytes.size(), 3U * 8192U);
  bytes.insert(bytes.end(), bytes.begin() + 2 * 8192, bytes.begin() + 3 * 8192);
  std::uint8_t* const address = bytes.data() + 3 * 8192 + 8;
  address[1] = 0x60;  // the fourth page ...
  address[3] = 2;     // ... of the segment before
  EXPECT_EQ(testing::walk_bytes(k_postgresql_wal_format, bytes, model::Depth::full).shape, Shape::whole);
  address[1] = 0x40;  // the third page has no business there
  EXPECT_EQ(testing::walk_bytes(k_postgresql_wal_format, bytes, model::Depth::full).shape, Shape::broken);
}

}  // namespace lastgood::formats
