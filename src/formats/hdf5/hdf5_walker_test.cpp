// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that HDF5 and netCDF-4 files are whole by superblock, size and root group.
#include "formats/hdf5/hdf5_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Hdf5, k_hdf5_format, "hdf5", {});

TEST(Hdf5Walker, finds_the_root_group_gone) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/hdf5/testdata/whole_h5import.in");
  const std::vector<std::uint8_t> noise = testing::random_bytes(bytes.size(), 5);
  for (std::size_t i = 96; i < bytes.size(); ++i) bytes[i] = noise[i];
  const WalkReport report = testing::walk_bytes(k_hdf5_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().rule, "hdf5.root");
}

TEST(Hdf5Walker, finds_a_superblock_behind_a_user_block) {
  std::vector<std::uint8_t> bytes(512, 0x20);
  const std::vector<std::uint8_t> file = testing::read_sample(LASTGOOD_FORMATS_DIR "/hdf5/testdata/whole_h5import.in");
  bytes.insert(bytes.end(), file.begin(), file.end());
  EXPECT_EQ(testing::walk_bytes(k_hdf5_format, bytes, model::Depth::quick).shape, Shape::whole);
}

}  // namespace lastgood::formats
