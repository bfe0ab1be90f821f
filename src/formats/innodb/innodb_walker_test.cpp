// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that tablespaces of several page sizes and checksum forms are whole and that replaced pages are named.
#include "formats/innodb/innodb_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Innodb, k_innodb_format, "innodb", {});

namespace {
constexpr const char* k_small_pages = LASTGOOD_FORMATS_DIR "/innodb/testdata/whole_small_pages.in";
}  // namespace

TEST(InnodbWalker, names_the_replaced_page) {
  std::vector<std::uint8_t> bytes = testing::read_sample(k_small_pages);
  const std::vector<std::uint8_t> noise = testing::random_bytes(4096, 9);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 3 * 4096);
  const WalkReport report = testing::walk_bytes(k_innodb_format, bytes, model::Depth::quick, "patients.ibd");
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = 3 * 4096, .to = 4 * 4096}));
}

TEST(InnodbWalker, finds_the_layout_when_the_first_page_was_replaced) {
  std::vector<std::uint8_t> bytes = testing::read_sample(k_small_pages);
  const std::vector<std::uint8_t> noise = testing::random_bytes(4096, 9);
  std::copy(noise.begin(), noise.end(), bytes.begin());
  const WalkReport report = testing::walk_bytes(k_innodb_format, bytes, model::Depth::standard, "patients.ibd");
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = 0, .to = 4096}));
}

TEST(InnodbWalker, notices_one_changed_bit) {
  std::vector<std::uint8_t> bytes = testing::read_sample(k_small_pages);
  bytes[4096 * 3 + 200] ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_innodb_format, bytes, model::Depth::standard).shape, Shape::broken);
}

}  // namespace lastgood::formats
