// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that file systems made by mke2fs are whole and that replaced superblocks, descriptors and copies are named.
#include "formats/ext/ext_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/sparse_sample.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sparse_sample(LASTGOOD_FORMATS_DIR "/ext/testdata/" + name + ".sparse");
}

std::vector<testing::Sample> disks() {
  return {{.name = "four.img", .bytes = sample("four")}, {.name = "two.img", .bytes = sample("two")}};
}

}  // namespace

LASTGOOD_WALKER_SUITE(Ext, k_ext_format, "ext",
                      {.notices_head = "the first 1024 bytes belong to nobody", .made_whole = disks});

TEST(ExtWalker, notices_one_changed_bit_in_a_group_descriptor) {
  std::vector<std::uint8_t> bytes = sample("four");
  bytes[2048 + 12] ^= 1;
  const WalkReport report = testing::walk_bytes(k_ext_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].rule, "ext.groups");
}

}  // namespace lastgood::formats
