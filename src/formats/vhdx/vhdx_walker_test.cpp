// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that disks written by QEMU are whole and that headers, regions and block table are held to.
#include "formats/vhdx/vhdx_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/sparse_sample.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sparse_sample(LASTGOOD_FORMATS_DIR "/vhdx/testdata/" + name + ".sparse");
}

std::vector<testing::Sample> disks() { return {{.name = "dynamic.vhdx", .bytes = sample("dynamic")}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Vhdx, k_vhdx_format, "vhdx", {.made_whole = disks});

TEST(VhdxWalker, survives_one_half_written_header_and_not_two) {
  std::vector<std::uint8_t> bytes = sample("dynamic");
  bytes[64 * 1024 + 100] ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_vhdx_format, bytes, model::Depth::quick).shape, Shape::whole);
  bytes[128 * 1024 + 100] ^= 1;
  EXPECT_EQ(testing::walk_bytes(k_vhdx_format, bytes, model::Depth::quick).shape, Shape::broken);
}

}  // namespace lastgood::formats
