// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that sparse, streamed and described disks written by QEMU are whole and that their tables are held to.
#include "formats/vmdk/vmdk_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/sparse_sample.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sparse_sample(LASTGOOD_FORMATS_DIR "/vmdk/testdata/" + name + ".sparse");
}

std::vector<testing::Sample> disks() {
  return {{.name = "sparse.vmdk", .bytes = sample("sparse")}, {.name = "stream.vmdk", .bytes = sample("stream")}};
}

}  // namespace

LASTGOOD_WALKER_SUITE(Vmdk, k_vmdk_format, "vmdk", {.made_whole = disks});

TEST(VmdkWalker, tells_where_a_stream_ends_when_bytes_follow) {
  std::vector<std::uint8_t> bytes = sample("stream");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 534, 0x41);
  EXPECT_EQ(testing::walk_bytes(k_vmdk_format, bytes, model::Depth::standard).end_bytes, end);
}

TEST(VmdkWalker, names_the_grain_that_does_not_inflate) {
  std::vector<std::uint8_t> bytes = sample("stream");
  bytes[66 * 1024 + 40] ^= 0x55;
  EXPECT_EQ(testing::walk_bytes(k_vmdk_format, bytes, model::Depth::full).shape, Shape::broken);
}

}  // namespace lastgood::formats
