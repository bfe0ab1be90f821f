// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that every allocation group is held to its sums. mkfs.xfs makes no volume below 300 MB: this one is built
// here, with four groups of 64 KiB.
#include "formats/xfs/xfs_walker.h"

#include <gtest/gtest.h>

#include "base/checksum.h"
#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t k_groups = 4;
constexpr std::size_t k_group_bytes = 65536;

void put_be(Bytes& bytes, std::size_t at, std::uint64_t value, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * (count - 1 - i)));
}

void seal_sector(Bytes& bytes, std::size_t at, std::size_t sum_at, std::string_view magic) {
  std::copy(magic.begin(), magic.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  const std::uint32_t sum = base::crc32c(base::ByteView(std::span<const std::uint8_t>(bytes)).part(at, 512));
  for (std::size_t i = 0; i < 4; ++i) bytes[at + sum_at + i] = static_cast<std::uint8_t>(sum >> (8 * i));
}

Bytes small_volume() {
  Bytes bytes(k_groups * k_group_bytes, 0);
  for (std::size_t group = 0; group < k_groups; ++group) {
    const std::size_t from = group * k_group_bytes;
    put_be(bytes, from + 4, 4096, 4);
    put_be(bytes, from + 8, k_groups * k_group_bytes / 4096, 8);
    put_be(bytes, from + 84, k_group_bytes / 4096, 4);
    put_be(bytes, from + 88, k_groups, 4);
    put_be(bytes, from + 100, 0xB4A5, 2);
    put_be(bytes, from + 102, 512, 2);
    seal_sector(bytes, from, 224, "XFSB");
    put_be(bytes, from + 512 + 8, group, 4);
    seal_sector(bytes, from + 512, 216, "XAGF");
    put_be(bytes, from + 1024 + 8, group, 4);
    seal_sector(bytes, from + 1024, 312, "XAGI");
  }
  return bytes;
}

std::vector<testing::Sample> disks() { return {{.name = "five.img", .bytes = small_volume()}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Xfs, k_xfs_format, "xfs", {.made_whole = disks});

TEST(XfsWalker, names_the_sector_in_which_one_bit_changed) {
  Bytes bytes = small_volume();
  bytes[2 * k_group_bytes + 512 + 40] ^= 1;
  const WalkReport report = testing::walk_bytes(k_xfs_format, bytes, model::Depth::quick);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings[0].range,
            (model::ByteRange{.from = 2 * k_group_bytes + 512, .to = 2 * k_group_bytes + 1024}));
}

}  // namespace lastgood::formats
