// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that fixed and dynamic disks written by QEMU are whole and that footers and block table are held to.
#include "formats/vhd/vhd_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/sparse_sample.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sparse_sample(LASTGOOD_FORMATS_DIR "/vhd/testdata/" + name + ".sparse");
}

std::vector<testing::Sample> disks() {
  return {{.name = "dynamic.vhd", .bytes = sample("dynamic")}, {.name = "fixed.vhd", .bytes = sample("fixed")}};
}

}  // namespace

LASTGOOD_WALKER_SUITE(Vhd, k_vhd_format, "vhd",
                      {.notices_head = "the head of a fixed disk is the head of the disk in it",
                       .notices_interleaved = "a fixed disk has nothing but its footer, and a pattern may miss that",
                       .notices_footer = "a footer behind that of a fixed disk leaves nothing to recognise",
                       .made_whole = disks});

TEST(VhdWalker, notices_a_changed_bit_in_the_dynamic_header) {
  std::vector<std::uint8_t> bytes = sample("dynamic");
  bytes[512 + 30] ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_vhd_format, bytes, model::Depth::quick).shape, Shape::broken);
}

TEST(VhdWalker, tells_where_a_dynamic_disk_ends_when_bytes_follow) {
  std::vector<std::uint8_t> bytes = sample("dynamic");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 534, 0x41);
  EXPECT_EQ(testing::walk_bytes(k_vhd_format, bytes, model::Depth::quick).end_bytes, end);
}

TEST(VhdWalker, notices_a_changed_bit_in_the_footer_of_a_fixed_disk) {
  std::vector<std::uint8_t> bytes = sample("fixed");
  bytes[bytes.size() - 512 + 40] ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_vhd_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
