// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// XFS, versions 4 and 5. Specification: "XFS Algorithms & Data Structures", 3rd edition, chapter 13.
//
//   volume = allocation group*
//   group  = superblock(sector, "XFSB") free space(sector, "XAGF") inodes(sector, "XAGI") ...; big-endian, but for the
//            CRC-32C of version 5, which is taken with its own field as zeros
#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/volumes/volume.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_super_bytes = 512;

struct Xfs {
  std::uint64_t block_bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t group_blocks = 0;
  std::uint64_t groups = 0;
  std::uint64_t sector_bytes = 0;
  bool has_sums = false;
};

Xfs parse_super(ByteView super) {
  return {.block_bytes = super.be32(4),
          .blocks = super.be64(8),
          .group_blocks = super.be32(84),
          .groups = super.be32(88),
          .sector_bytes = super.be16(102),
          .has_sums = (super.be16(100) & 0xF) == 5};
}

bool sum_fits(ByteView sector, std::uint64_t sum_at) {
  constexpr std::array<std::uint8_t, 4> k_zeros{};
  std::uint32_t sum =
      base::crc32c(ByteView(std::span<const std::uint8_t>(k_zeros)), base::crc32c(sector.part(0, sum_at)));
  sum = base::crc32c(sector.part(sum_at + 4), sum);
  return sum == sector.le32(sum_at);
}

bool super_can_be(const Xfs& xfs) {
  return xfs.block_bytes >= 512 && xfs.block_bytes <= 65536 && std::has_single_bit(xfs.block_bytes) &&
         xfs.sector_bytes >= 512 && xfs.sector_bytes <= 32768 && std::has_single_bit(xfs.sector_bytes) &&
         xfs.groups != 0 && xfs.group_blocks != 0 && xfs.blocks <= (std::uint64_t{1} << 48) &&
         xfs.groups == (xfs.blocks + xfs.group_blocks - 1) / xfs.group_blocks;
}

struct GroupSector {
  std::string_view magic;
  std::uint64_t sum_at;
};
constexpr std::array<GroupSector, 3> k_group_sectors = {GroupSector{"XFSB", 224}, GroupSector{"XAGF", 216},
                                                        GroupSector{"XAGI", 312}};

void walk_group(WalkInput& input, WalkReport& report, const VolumePlace& place, const Xfs& xfs, std::uint64_t group,
                VolumeFrame& frame) {
  const std::uint64_t from = place.from_bytes + group * xfs.group_blocks * xfs.block_bytes;
  for (std::size_t i = 0; i < k_group_sectors.size(); ++i) {
    const GroupSector& expected = k_group_sectors[i];
    const std::uint64_t at = from + i * xfs.sector_bytes;
    const ByteView sector = input.at(at, static_cast<std::size_t>(xfs.sector_bytes));
    const bool is_numbered = i == 0 || sector.be32(8) == group;
    const bool fits =
        sector.matches(0, expected.magic) && is_numbered && (!xfs.has_sums || sum_fits(sector, expected.sum_at));
    if (fits) {
      ++frame.checked;
      continue;
    }
    report.breaks("xfs.group",
                  fmt::format("allocation group {}: no '{}' that fits at byte {}", group, expected.magic, at),
                  volume_range(input, at, xfs.sector_bytes));
  }
}

}  // namespace

bool opens_xfs(ByteView head) { return head.matches(0, "XFSB") && head.size() >= k_super_bytes; }

VolumeFrame walk_xfs(WalkInput& input, WalkReport& report, const VolumePlace& place) {
  const ByteView super = input.at(place.from_bytes, k_super_bytes);
  if (!opens_xfs(super)) return {};
  const Xfs xfs = parse_super(super);
  VolumeFrame frame{.kind = "xfs",
                    .length_bytes = xfs.blocks <= (std::uint64_t{1} << 48) ? xfs.blocks * xfs.block_bytes : 0};
  if (!super_can_be(xfs)) {
    report.breaks("xfs.superblock", "superblock: sizes and groups do not agree",
                  volume_range(input, place.from_bytes, k_super_bytes));
    frame.length_bytes = 0;
    return frame;
  }
  const std::uint64_t step = std::max<std::uint64_t>(1, xfs.groups / volume_samples_max(input));
  frame.is_every_one = step == 1;
  for (std::uint64_t group = 0; group < xfs.groups && input.may_continue(); group += step)
    walk_group(input, report, place, xfs, group, frame);
  return frame;
}

}  // namespace lastgood::formats
