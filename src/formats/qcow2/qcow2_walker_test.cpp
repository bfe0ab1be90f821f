// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that disks written by QEMU are whole and that their tables are held to.
#include "formats/qcow2/qcow2_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

LASTGOOD_WALKER_SUITE(Qcow2, k_qcow2_format, "qcow2", {});

TEST(Qcow2Walker, names_the_table_that_points_nowhere) {
  std::vector<std::uint8_t> bytes =
      testing::read_sample(LASTGOOD_FORMATS_DIR "/qcow2/testdata/whole_small_clusters.in");
  const base::ByteView view{std::span<const std::uint8_t>(bytes)};
  const std::uint64_t l1_at = view.be64(40);
  const std::uint64_t l2_at = view.be64(l1_at) & 0x00FFFFFFFFFFFE00;
  bytes[l2_at + 18] = 0x55;
  const WalkReport report = testing::walk_bytes(k_qcow2_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].rule, "qcow2.l2");
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = l2_at, .to = l2_at + 512}));
}

}  // namespace lastgood::formats
