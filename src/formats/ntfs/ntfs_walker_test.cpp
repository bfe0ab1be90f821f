// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a file system made by mkntfs (its empty log left out) is whole and that file records are held to their
// fix-ups.
#include "formats/ntfs/ntfs_walker.h"

#include <gtest/gtest.h>

#include "formats/testing/sparse_sample.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

std::vector<std::uint8_t> sample(const std::string& name) {
  return testing::read_sparse_sample(LASTGOOD_FORMATS_DIR "/ntfs/testdata/" + name + ".sparse");
}

std::vector<testing::Sample> disks() { return {{.name = "small.img", .bytes = sample("small")}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Ntfs, k_ntfs_format, "ntfs", {.made_whole = disks});

TEST(NtfsWalker, notices_a_file_record_without_its_fix_ups) {
  std::vector<std::uint8_t> bytes = sample("small");
  const base::ByteView view{std::span<const std::uint8_t>(bytes)};
  const std::uint64_t third_at = view.le64(48) * 4096 + 2 * 1024;
  ASSERT_TRUE(view.matches(third_at, "FILE"));
  bytes[third_at + 510] ^= 1;
  const WalkReport report = testing::walk_bytes(k_ntfs_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range, (model::ByteRange{.from = third_at, .to = third_at + 1024}));
}

}  // namespace lastgood::formats
