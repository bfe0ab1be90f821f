// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that compound files by several writers are whole, that tables, chains, directory and records are held to, and
// that documents encrypted by their owner are told from broken ones.
#include "formats/ole2/ole2_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Ole2, k_ole2_format, "ole2", {});

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sample(LASTGOOD_FORMATS_DIR "/ole2/testdata/" + name);
}

WalkReport walk_sample(const std::string& name) {
  return testing::walk_bytes(k_ole2_format, sample(name), model::Depth::standard);
}

void append(std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

}  // namespace

TEST(Ole2Walker, names_the_format_that_the_file_is) {
  EXPECT_EQ(walk_sample("whole_doc.in").format, "doc");
  EXPECT_EQ(walk_sample("whole_ppt.in").format, "ppt");
  EXPECT_EQ(walk_sample("whole_msg.in").format, "msg");
  EXPECT_EQ(walk_sample("whole_xlwt_xls.in").format, "xls");
  EXPECT_EQ(walk_sample("sealed_package.in").format, "ooxml-encrypted");
}

TEST(Ole2Walker, names_the_sectors_where_workbook_records_stop_to_follow_one_another) {
  const WalkReport report = walk_sample("broken_records.in");
  ASSERT_EQ(report.shape, Shape::broken);
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings.front().rule, "ole2.stream");
  EXPECT_LE(report.findings.front().range.from, 2048U);
  EXPECT_GE(report.findings.front().range.to, 2600U);
}

TEST(Ole2Walker, takes_a_sector_of_random_bytes_behind_the_last_used_one_for_foreign) {
  std::vector<std::uint8_t> bytes = sample("whole_doc.in");
  const std::uint64_t end = *testing::walk_bytes(k_ole2_format, bytes, model::Depth::standard).end_bytes;
  bytes.resize(end);
  append(bytes, testing::random_bytes(512, 9));
  const WalkReport report = testing::walk_bytes(k_ole2_format, bytes, model::Depth::standard);
  EXPECT_EQ(report.end_bytes, end);
  EXPECT_EQ(report.allowed_trailing_bytes, 0U);
}

TEST(Ole2Walker, allows_free_sectors_behind_the_last_used_one) {
  std::vector<std::uint8_t> bytes = sample("whole_doc.in");
  const std::uint64_t end = *testing::walk_bytes(k_ole2_format, bytes, model::Depth::standard).end_bytes;
  bytes.resize(end);
  bytes.resize(end + 1024);
  EXPECT_EQ(testing::walk_bytes(k_ole2_format, bytes, model::Depth::standard).allowed_trailing_bytes, 1024U);
}

}  // namespace lastgood::formats
