// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that libraries and packages are whole, and that a member's replaced header or payload is named.
#include "formats/ar/ar_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Ar, k_ar_format, "ar", {});

namespace {
std::vector<std::uint8_t> sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/ar/testdata/") + name);
}
}  // namespace

TEST(ArWalker, decodes_the_parts_of_a_package_at_full_depth) {
  std::vector<std::uint8_t> bytes = sample("whole_package.in");
  WalkReport report = testing::walk_bytes(k_ar_format, bytes, model::Depth::full);
  EXPECT_EQ(report.format, "deb");
  EXPECT_EQ(report.reach, Reach::content);
  bytes[bytes.size() - 120] ^= 0xFF;
  report = testing::walk_bytes(k_ar_format, bytes, model::Depth::full);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "ar.deb-data");
}

TEST(ArWalker, takes_no_data_for_members_of_a_thin_archive) {
  const std::vector<std::uint8_t> bytes = sample("whole_thin.in");
  const WalkReport report = testing::walk_bytes(k_ar_format, bytes, model::Depth::full);
  EXPECT_EQ(report.end_bytes, bytes.size());
}

}  // namespace lastgood::formats
