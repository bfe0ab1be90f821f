// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that images of every compressor are whole and that replaced tables are seen.
#include "formats/squashfs/squashfs_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Squashfs, k_squashfs_format, "squashfs", {});

TEST(SquashfsWalker, sees_a_replaced_inode_table) {
  std::vector<std::uint8_t> bytes = testing::read_sample(LASTGOOD_FORMATS_DIR "/squashfs/testdata/whole_gzip.in");
  const base::ByteView view{std::span<const std::uint8_t>(bytes)};
  const auto table = static_cast<std::size_t>(view.le64(64));
  for (std::size_t i = 0; i < 32; ++i) bytes[table + 4 + i] ^= 0xA5;
  const WalkReport report = testing::walk_bytes(k_squashfs_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.front().rule, "squashfs.metadata");
  EXPECT_EQ(report.findings.front().range.from, table);
}

}  // namespace lastgood::formats
