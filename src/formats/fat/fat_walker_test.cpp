// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a file system made by mkfs.fat is whole and that its two tables must agree.
#include "formats/fat/fat_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/sparse_sample.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sparse_sample(LASTGOOD_FORMATS_DIR "/fat/testdata/" + name + ".sparse");
}

std::vector<testing::Sample> disks() { return {{.name = "twelve.img", .bytes = sample("twelve")}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Fat, k_fat_format, "fat", {.made_whole = disks});

TEST(FatWalker, notices_tables_that_differ) {
  std::vector<std::uint8_t> bytes = sample("twelve");
  bytes[512 + 100] ^= 1;
  const WalkReport report = testing::walk_bytes(k_fat_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].rule, "fat.copies");
}

}  // namespace lastgood::formats
