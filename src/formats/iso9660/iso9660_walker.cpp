// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ISO 9660 images of CDs and DVDs, with or without UDF beside it. Specification: ECMA-119, 4th edition, sections 8
// and 9.
//
//   image      = system-area(32 KiB: anything, often a boot sector) descriptor* terminator  tables, directories, files
//   descriptor = type(1: 1 primary, 2 supplementary, 0 boot, 3 partition, 255 terminator) "CD001" version(1) ...(2041)
//
// What the volume counts as its size is the end; images that also boot from a stick are padded with zeros behind it, or
// carry a second partition table in their last 34 sectors.
#include "formats/iso9660/iso9660_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "formats/iso9660/iso9660_directory.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"iso", Promise::firm}, NameClaim{"cdr", Promise::loose}};
constexpr std::uint64_t k_system_bytes = 32 * 1024;
constexpr std::uint64_t k_sector_bytes = 2048;
constexpr std::uint64_t k_descriptors_max = 32;
constexpr std::uint64_t k_zeros_max = 64ULL * 1024 * 1024;
constexpr std::uint64_t k_backup_table_bytes = 34 * 512;

bool is_descriptor(ByteView bytes) { return bytes.matches(1, "CD001"sv) && bytes.u8(6) >= 1 && bytes.u8(6) <= 2; }

Likeness recognise(const Edges& edges) {
  return is_descriptor(edges.head.part(k_system_bytes, k_sector_bytes)) ? Likeness::strong : Likeness::none;
}

/// The volume, when every number of the primary descriptor agrees with its other half.
std::optional<IsoVolume> parse_primary(ByteView bytes) {
  const bool numbers =
      bytes.le32(80) == bytes.be32(84) && bytes.le16(128) == bytes.be16(130) && bytes.le32(132) == bytes.be32(136);
  const ByteView root = bytes.part(156, 34);
  const bool root_agrees = root.u8(0) >= 34 && root.le32(2) == root.be32(6) && root.le32(10) == root.be32(14);
  const std::uint64_t block_bytes = bytes.le16(128);
  const bool block = block_bytes == 512 || block_bytes == 1024 || block_bytes == 2048;
  if (!numbers || !root_agrees || !block) return std::nullopt;
  const IsoVolume volume{.block_bytes = block_bytes,
                         .blocks = bytes.le32(80),
                         .path_table_from = std::uint64_t{bytes.le32(140)} * block_bytes,
                         .path_table_bytes = bytes.le32(132),
                         .root_from = std::uint64_t{root.le32(2)} * block_bytes};
  const std::uint64_t volume_bytes = volume.blocks * block_bytes;
  const bool inside =
      volume.root_from < volume_bytes && volume.path_table_from + volume.path_table_bytes <= volume_bytes;
  return inside ? std::optional(volume) : std::nullopt;
}

struct Descriptors {
  std::optional<IsoVolume> volume;
  std::uint64_t count = 0;
  std::uint64_t end = 0;
  bool terminated = false;
};

Descriptors read_descriptors(WalkInput& input) {
  Descriptors found{.end = k_system_bytes};
  while (found.count < k_descriptors_max && input.may_continue()) {
    const ByteView bytes = input.at(found.end, k_sector_bytes);
    if (!is_descriptor(bytes)) break;
    if (bytes.u8(0) == 1 && !found.volume) found.volume = parse_primary(bytes);
    found.end += k_sector_bytes;
    ++found.count;
    found.terminated = bytes.u8(0) == 255;
    if (found.terminated) break;
  }
  return found;
}

/// Images that boot from a stick have a partition table in their first sector, and may have partitions appended.
std::uint64_t partitions_end(ByteView sector) {
  std::uint64_t end = 0;
  if (sector.le16(510) != 0xAA55) return end;
  for (std::uint64_t at = 446; at < 510; at += 16) {
    const std::uint64_t sectors = std::uint64_t{sector.le32(at + 8)} + sector.le32(at + 12);
    if (sector.u8(at + 4) != 0) end = std::max(end, sectors * 512);
  }
  return end;
}

/// Where the image ends, and what may stand behind it.
void check_end(WalkInput& input, WalkReport& report, std::uint64_t volume_bytes) {
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t appended_end = partitions_end(input.head());
  const std::uint64_t end = appended_end > volume_bytes && appended_end <= size ? appended_end : volume_bytes;
  report.end_bytes = end;
  const std::uint64_t zeros = zero_run_bytes(input, end, k_zeros_max);
  const std::uint64_t left = size - end - zeros;
  const bool backup_table =
      left <= k_backup_table_bytes && size % 512 == 0 && input.at(size - 512, 8).matches(0, "EFI PART"sv);
  if (left == 0 || backup_table) report.allowed_trailing_bytes = size - end;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  if (!is_descriptor(input.at(k_system_bytes, k_sector_bytes))) return report;
  report.shape = Shape::whole;
  const Descriptors found = read_descriptors(input);
  if (!found.terminated || !found.volume) {
    report.breaks("iso9660.descriptors",
                  fmt::format("{} volume descriptors, {}", found.count,
                              found.volume ? "no terminator behind them" : "no primary one that holds"),
                  {.from = k_system_bytes, .to = std::min(size, found.end + k_sector_bytes)});
    return report;
  }
  const IsoVolume& volume = *found.volume;
  const std::uint64_t volume_bytes = volume.blocks * volume.block_bytes;
  report.region(k_system_bytes, std::min(size, found.end), RegionKind::structured);
  if (volume_bytes > size) {
    report.breaks("iso9660.size", fmt::format("the volume has {} bytes, the content {}", volume_bytes, size),
                  {.from = size - std::min(size, k_sector_bytes), .to = size});
    return report;
  }
  const IsoCounts counts = walk_iso_directories(input, report, volume);
  if (input.stopped()) {
    report.remarks("iso9660.limit", fmt::format("stopped by a limit after {} directories", counts.directories));
    return report;
  }
  check_end(input, report, volume_bytes);
  report.reach = Reach::frame;
  if (report.shape != Shape::whole) return report;
  report.holds("iso9660.directories",
               fmt::format("{} descriptors, {} directories and {} records hold in a volume of {} bytes", found.count,
                           counts.directories, counts.records, volume_bytes));
  return report;
}

}  // namespace

const Format k_iso9660_format = {.id = "iso9660",
                                 .title = "ISO 9660 image",
                                 .family = Family::disk,
                                 .claims = k_claims,
                                 .recognise = recognise,
                                 .walk = walk};

}  // namespace lastgood::formats
