// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that disks partitioned by sfdisk are whole, that both partition tables count, and that file systems inside are
// looked at.
#include "formats/partition_table/partition_table_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/sparse_sample.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sparse_sample(LASTGOOD_FORMATS_DIR "/partition_table/testdata/" + name + ".sparse");
}

std::vector<testing::Sample> disks() {
  return {{.name = "gpt.img", .bytes = sample("gpt")}, {.name = "mbr.img", .bytes = sample("mbr")}};
}

}  // namespace

LASTGOOD_WALKER_SUITE(PartitionTable, k_partition_table_format, "partition_table",
                      {.notices_head = "the boot code of a master boot record may be anything",
                       .notices_footer = "a disk with a master boot record does not say where it ends",
                       .made_whole = disks});

TEST(PartitionTableWalker, notices_a_replaced_copy_of_the_table_at_the_end) {
  std::vector<std::uint8_t> bytes = sample("gpt");
  bytes[bytes.size() - 512 + 30] ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_partition_table_format, bytes, model::Depth::quick).shape, Shape::broken);
}

TEST(PartitionTableWalker, knows_a_disk_by_the_copy_at_its_end_when_its_start_was_replaced) {
  std::vector<std::uint8_t> bytes = sample("gpt");
  const std::vector<std::uint8_t> noise = testing::random_bytes(65536, 3);
  std::copy(noise.begin(), noise.end(), bytes.begin());
  const WalkReport report = testing::walk_bytes(k_partition_table_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.end_bytes, bytes.size());
}

TEST(PartitionTableWalker, looks_at_the_file_system_in_a_partition) {
  std::vector<std::uint8_t> bytes = sample("gpt");
  const std::vector<std::uint8_t> noise = testing::random_bytes(512, 3);
  std::copy(noise.begin(), noise.end(), bytes.begin() + 64 * 512 + 1024 + 512);
  const WalkReport report = testing::walk_bytes(k_partition_table_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].rule, "ext.superblock");
}

}  // namespace lastgood::formats
