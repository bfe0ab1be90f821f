// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that disks written by QEMU are whole and that the block map is held to.
#include "formats/vdi/vdi_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/sparse_sample.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sparse_sample(LASTGOOD_FORMATS_DIR "/vdi/testdata/" + name + ".sparse");
}

std::vector<testing::Sample> disks() { return {{.name = "dynamic.vdi", .bytes = sample("dynamic")}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Vdi, k_vdi_format, "vdi", {.made_whole = disks});

TEST(VdiWalker, notices_a_block_that_two_entries_of_the_map_name) {
  std::vector<std::uint8_t> bytes = sample("dynamic");
  const std::size_t map_at = 512;
  bytes[map_at + 8] = bytes[map_at];
  EXPECT_EQ(testing::walk_bytes(k_vdi_format, bytes, model::Depth::quick).shape, Shape::broken);
}

TEST(VdiWalker, tells_where_the_last_block_ends) {
  std::vector<std::uint8_t> bytes = sample("dynamic");
  const std::size_t end = bytes.size();
  bytes.resize(end + 1000);
  EXPECT_EQ(testing::walk_bytes(k_vdi_format, bytes, model::Depth::quick).end_bytes, end);
}

}  // namespace lastgood::formats
