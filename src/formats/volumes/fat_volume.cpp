// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// FAT12, FAT16, FAT32 and exFAT. Specifications: Microsoft, "FAT32 File System Specification", 1.03, and "exFAT file
// system specification".
//
//   volume = boot sector, reserved sectors, file allocation table (one or two copies), root directory, clusters
//   The first entry of each table repeats the media byte of the boot sector.
//   exFAT  = boot region of 12 sectors, the last full of its checksum, and its copy
#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "formats/volumes/volume.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_boot_bytes = 512;

bool opens_exfat(ByteView head) { return head.matches(3, "EXFAT   ") && head.le16(510) == 0xAA55; }

struct Fat {
  std::uint64_t sector_bytes = 0;
  std::uint64_t cluster_sectors = 0;
  std::uint64_t reserved = 0;
  std::uint64_t tables = 0;
  std::uint64_t table_sectors = 0;
  std::uint64_t root_entries = 0;
  std::uint64_t sectors = 0;
  std::uint8_t media = 0;
};

Fat parse_boot(ByteView boot) {
  Fat fat{.sector_bytes = boot.le16(11),
          .cluster_sectors = boot.u8(13),
          .reserved = boot.le16(14),
          .tables = boot.u8(16),
          .table_sectors = boot.le16(22),
          .root_entries = boot.le16(17),
          .sectors = boot.le16(19),
          .media = boot.u8(21)};
  if (fat.table_sectors == 0) fat.table_sectors = boot.le32(36);
  if (fat.sectors == 0) fat.sectors = boot.le32(32);
  return fat;
}

bool boot_can_be(const Fat& fat) {
  const bool sizes_fit = fat.sector_bytes >= 512 && fat.sector_bytes <= 4096 && std::has_single_bit(fat.sector_bytes) &&
                         fat.cluster_sectors != 0 && std::has_single_bit(fat.cluster_sectors);
  return sizes_fit && fat.reserved != 0 && (fat.tables == 1 || fat.tables == 2) && fat.table_sectors != 0 &&
         (fat.media == 0xF0 || fat.media >= 0xF8) && fat.sectors > fat.reserved + fat.tables * fat.table_sectors;
}

/// Both tables begin with the media byte and say the same.
void walk_tables(WalkInput& input, WalkReport& report, const VolumePlace& place, const Fat& fat, VolumeFrame& frame) {
  const std::uint64_t table_bytes = fat.table_sectors * fat.sector_bytes;
  const std::uint64_t first_at = place.from_bytes + fat.reserved * fat.sector_bytes;
  for (std::uint64_t table = 0; table < fat.tables; ++table) {
    const std::uint64_t at = first_at + table * table_bytes;
    const ByteView entry = input.at(at, 4);
    if (entry.u8(0) == fat.media && (entry.u8(1) & 0xF) == 0xF) {
      ++frame.checked;
    } else {
      report.breaks("fat.table",
                    fmt::format("allocation table {} at byte {} does not begin with the media byte", table + 1, at),
                    volume_range(input, at, fat.sector_bytes));
    }
  }
  if (fat.tables < 2) return;
  const std::uint64_t pieces = (table_bytes + 4095) / 4096;
  const std::uint64_t step = std::max<std::uint64_t>(1, pieces / volume_samples_max(input));
  frame.is_every_one = step == 1;
  std::uint64_t differing = 0;
  for (std::uint64_t i = 0; i < pieces; i += step) {
    if (!input.may_continue()) return;
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(4096, table_bytes - i * 4096));
    std::array<std::uint8_t, 4096> piece{};
    const ByteView first = input.at(first_at + i * 4096, length);
    std::copy(first.begin(), first.end(), piece.begin());
    const std::size_t got = first.size();
    const ByteView second = input.at(first_at + table_bytes + i * 4096, length);
    if (got == second.size() && std::equal(second.begin(), second.end(), piece.begin())) {
      ++frame.checked;
    } else if (++differing <= 20) {
      report.breaks("fat.copies", fmt::format("the two allocation tables differ at byte {} of them", i * 4096),
                    volume_range(input, first_at + i * 4096, length));
    }
  }
}

VolumeFrame walk_exfat(WalkInput& input, WalkReport& report, const VolumePlace& place, ByteView boot) {
  const std::uint32_t sector_shift = boot.u8(108);
  VolumeFrame frame{.kind = "exfat", .is_every_one = true};
  if (sector_shift < 9 || sector_shift > 12) {
    report.breaks("exfat.boot", "sectors of that size do not exist",
                  volume_range(input, place.from_bytes, k_boot_bytes));
    return frame;
  }
  const std::uint64_t sector_bytes = std::uint64_t{1} << sector_shift;
  const std::uint64_t sectors = boot.le64(72);
  if (sectors < (std::uint64_t{1} << 48)) frame.length_bytes = sectors * sector_bytes;
  for (std::uint64_t region = 0; region < 2; ++region) {
    const std::uint64_t at = place.from_bytes + region * 12 * sector_bytes;
    const ByteView sums = input.at(at, static_cast<std::size_t>(12 * sector_bytes));
    std::uint32_t sum = 0;
    for (std::uint64_t i = 0; i < 11 * sector_bytes; ++i) {
      if (i == 106 || i == 107 || i == 112) continue;  // change while the volume is in use
      sum = std::rotr(sum, 1) + sums.u8(i);
    }
    if (sums.le32(11 * sector_bytes) == sum && sums.le32(12 * sector_bytes - 4) == sum) {
      ++frame.checked;
    } else {
      report.breaks("exfat.boot", fmt::format("boot region {}: its checksum does not fit", region + 1),
                    volume_range(input, at, 12 * sector_bytes));
    }
  }
  return frame;
}

}  // namespace

bool opens_fat(ByteView head) {
  if (opens_exfat(head)) return true;
  const bool jumps = (head.u8(0) == 0xEB && head.u8(2) == 0x90) || head.u8(0) == 0xE9;
  return jumps && head.le16(510) == 0xAA55 && boot_can_be(parse_boot(head));
}

VolumeFrame walk_fat(WalkInput& input, WalkReport& report, const VolumePlace& place) {
  const ByteView boot = input.at(place.from_bytes, k_boot_bytes);
  if (!opens_fat(boot)) return {};
  if (opens_exfat(boot)) return walk_exfat(input, report, place, boot);
  const Fat fat = parse_boot(boot);
  VolumeFrame frame{.kind = "fat", .length_bytes = fat.sectors * fat.sector_bytes, .checked = 1};
  walk_tables(input, report, place, fat, frame);
  return frame;
}

}  // namespace lastgood::formats
