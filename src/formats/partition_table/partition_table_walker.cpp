// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Image of a partitioned disk. Facts: UEFI specification, chapter 5 (GPT); the master boot record as PCs use it.
//
//   MBR = boot code(446) entry(16)*4 55 aa;   entry = active(1) ...(3) type(1) ...(3) first sector(4) sectors(4)
//   an entry of type 5, 15 or 0x85 holds a chain of such sectors, each with one volume and a link to the next
//   GPT = a protective MBR, header(sector): "EFI PART" version(4) length(4) crc32(4) 0(4) own sector(8) copy(8)
//         usable(16) id(16) entries at(8) entries(4) their length(4) crc32 of them(4); a copy of both at the disk's end
//
// The file systems in the partitions are looked at as if each were an image of its own.
#include "formats/partition_table/partition_table_walker.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/volumes/volume.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"img", Promise::loose}, NameClaim{"raw", Promise::loose},
                                 NameClaim{"dd", Promise::loose}};
constexpr std::uint64_t k_sector_bytes = 512;
constexpr std::uint64_t k_entries_at = 446;
constexpr std::uint64_t k_entry_bytes = 16;
constexpr std::uint8_t k_type_protective = 0xEE;
constexpr std::uint64_t k_chain_max = 128;
constexpr std::uint64_t k_gpt_entries_max = 1024;

struct Partition {
  std::uint64_t from_bytes = 0;
  std::uint64_t length_bytes = 0;
  std::uint8_t type = 0;
  [[nodiscard]] bool is_chain() const { return type == 0x05 || type == 0x0F || type == 0x85; }
};

Partition parse_entry(ByteView sector, std::uint64_t index) {
  const std::uint64_t at = k_entries_at + index * k_entry_bytes;
  return {.from_bytes = k_sector_bytes * sector.le32(at + 8),
          .length_bytes = k_sector_bytes * sector.le32(at + 12),
          .type = sector.u8(at + 4)};
}

/// A boot sector with at least one partition, and nothing that cannot be in the others.
bool is_mbr(ByteView sector) {
  if (sector.le16(510) != 0xAA55) return false;
  std::uint64_t used = 0;
  for (std::uint64_t i = 0; i < 4; ++i) {
    const std::uint64_t at = k_entries_at + i * k_entry_bytes;
    const Partition partition = parse_entry(sector, i);
    if ((sector.u8(at) & 0x7F) != 0) return false;
    if (partition.type == 0 && partition.length_bytes == 0) continue;
    if (partition.type == 0 || partition.length_bytes == 0 || partition.from_bytes == 0) return false;
    ++used;
  }
  return used != 0;
}

bool is_gpt_header(ByteView sector) { return sector.matches(0, "EFI PART") && sector.le32(8) == 0x00010000; }

/// Sector size of a disk whose table, or the copy of it in the last sector, is there; 0 when neither is.
std::uint64_t gpt_sector_bytes(ByteView head, ByteView tail) {
  for (const std::uint64_t sector_bytes : {std::uint64_t{512}, std::uint64_t{4096}}) {
    if (is_gpt_header(head.part(sector_bytes))) return sector_bytes;
    if (tail.size() >= sector_bytes && is_gpt_header(tail.part(tail.size() - sector_bytes))) return sector_bytes;
  }
  return 0;
}

Likeness recognise(const Edges& edges) {
  if (gpt_sector_bytes(edges.head, edges.tail) != 0) return Likeness::strong;
  return is_mbr(edges.head) ? Likeness::strong : Likeness::none;
}

/// Both CRCs of a GPT; entries are added to `partitions`.
std::string_view read_gpt(WalkInput& input, std::uint64_t header_at, std::uint64_t sector_bytes,
                          std::vector<Partition>& partitions) {
  std::array<std::uint8_t, 92> copy{};
  const ByteView sector = input.at(header_at, static_cast<std::size_t>(sector_bytes));
  const std::uint64_t length = sector.le32(12);
  if (!is_gpt_header(sector) || length < copy.size() || length > sector.size())
    return "no header of a GUID partition table";
  constexpr std::array<std::uint8_t, 4> k_zeros{};
  const std::uint32_t sum =
      base::crc32(sector.part(20, length - 20),
                  base::crc32(ByteView(std::span<const std::uint8_t>(k_zeros)), base::crc32(sector.part(0, 16))));
  if (sum != sector.le32(16)) return "the header's CRC-32 does not fit";
  std::copy_n(sector.begin(), copy.size(), copy.begin());
  const ByteView header{std::span<const std::uint8_t>(copy)};
  const std::uint64_t count = header.le32(80);
  const std::uint64_t entry_bytes = header.le32(84);
  if (count > k_gpt_entries_max || entry_bytes < 128 || entry_bytes > 1024 ||
      header.le64(72) > input.size_bytes() / sector_bytes)
    return "the entries cannot be so many or there";
  const ByteView entries = input.at(header.le64(72) * sector_bytes, static_cast<std::size_t>(count * entry_bytes));
  if (entries.size() != count * entry_bytes || base::crc32(entries) != header.le32(88))
    return "the CRC-32 of the entries does not fit";
  for (std::uint64_t i = 0; i < count; ++i) {
    const ByteView entry = entries.part(i * entry_bytes, entry_bytes);
    const std::uint64_t first = entry.le64(32);
    const std::uint64_t last = entry.le64(40);
    if (entry.le64(0) == 0 && entry.le64(8) == 0) continue;
    if (first > last || last > (std::uint64_t{1} << 48)) return "a partition ends before it begins";
    partitions.push_back(
        {.from_bytes = first * sector_bytes, .length_bytes = (last - first + 1) * sector_bytes, .type = 1});
  }
  return {};
}

/// The chain of logical volumes in an extended partition.
void read_chain(WalkInput& input, WalkReport& report, const Partition& extended, std::vector<Partition>& partitions) {
  std::uint64_t at = extended.from_bytes;
  for (std::uint64_t i = 0; i < k_chain_max && input.may_continue(); ++i) {
    const ByteView sector = input.at(at, k_sector_bytes);
    if (sector.le16(510) != 0xAA55) {
      report.breaks("partitions.chain", fmt::format("no table of logical volumes at byte {}", at),
                    volume_range(input, at, k_sector_bytes));
      return;
    }
    Partition volume = parse_entry(sector, 0);
    const Partition link = parse_entry(sector, 1);
    volume.from_bytes += at;
    if (volume.type != 0) partitions.push_back(volume);
    if (link.type == 0 || link.length_bytes == 0) return;
    at = extended.from_bytes + link.from_bytes;
  }
}

void read_mbr(WalkInput& input, WalkReport& report, std::vector<Partition>& partitions) {
  std::array<std::uint8_t, k_sector_bytes> copy{};
  const ByteView head = input.at(0, k_sector_bytes);
  std::copy(head.begin(), head.end(), copy.begin());
  const ByteView sector{std::span<const std::uint8_t>(copy)};
  for (std::uint64_t i = 0; i < 4; ++i) {
    const Partition partition = parse_entry(sector, i);
    if (partition.type == 0) continue;
    if (partition.is_chain()) {
      read_chain(input, report, partition, partitions);
    } else {
      partitions.push_back(partition);
    }
  }
}

void read_both_gpts(WalkInput& input, WalkReport& report, std::uint64_t sector_bytes,
                    std::vector<Partition>& partitions) {
  const std::string_view fault = read_gpt(input, sector_bytes, sector_bytes, partitions);
  // Where the first table cannot be read its copy is looked for at the very end.
  const std::uint64_t last = input.size_bytes() / sector_bytes - 1;
  const std::uint64_t copy_at =
      fault.empty() ? input.at(sector_bytes, static_cast<std::size_t>(sector_bytes)).le64(32) : last;
  if (!fault.empty())
    report.breaks("partitions.gpt", fmt::format("first table: {}", fault),
                  volume_range(input, sector_bytes, 33 * sector_bytes));
  std::vector<Partition> again;
  const std::string_view copy_fault = copy_at >= input.size_bytes() / sector_bytes
                                          ? "it is behind the end"
                                          : read_gpt(input, copy_at * sector_bytes, sector_bytes, again);
  if (!copy_fault.empty()) {
    const std::uint64_t place = std::min(copy_at, input.size_bytes() / sector_bytes) * sector_bytes;
    report.breaks("partitions.gpt", fmt::format("copy of the table at the end: {}", copy_fault),
                  volume_range(input, place, sector_bytes));
  } else {
    report.end_bytes = (copy_at + 1) * sector_bytes;
  }
  if (partitions.empty()) partitions = again;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t sector_bytes = gpt_sector_bytes(input.head(), input.tail());
  const bool has_gpt = sector_bytes != 0;
  if (!has_gpt && !is_mbr(input.head())) return report;
  report.shape = Shape::whole;
  report.format = has_gpt ? "gpt_disk" : "mbr_disk";
  std::vector<Partition> partitions;
  if (has_gpt) {
    if (input.head().le16(510) != 0xAA55 || parse_entry(input.head(), 0).type == 0) {
      report.breaks("partitions.mbr", "no protective boot record before the partition table",
                    volume_range(input, 0, k_sector_bytes));
    }
    read_both_gpts(input, report, sector_bytes, partitions);
  } else {
    read_mbr(input, report, partitions);
  }
  report.region(0, k_sector_bytes, RegionKind::structured);
  std::uint64_t volumes = 0;
  std::uint64_t structures = 0;
  for (const Partition& partition : partitions) {
    if (!input.may_continue()) break;
    if (partition.from_bytes > input.size_bytes() ||
        partition.length_bytes > input.size_bytes() - partition.from_bytes) {
      if (partition.type == k_type_protective) continue;
      report.breaks("partitions.length",
                    fmt::format("a partition of {} bytes at byte {} ends behind the content", partition.length_bytes,
                                partition.from_bytes),
                    volume_range(input, 0, k_sector_bytes));
      continue;
    }
    const VolumeFrame frame =
        walk_volume(input, report, {.from_bytes = partition.from_bytes, .length_bytes = partition.length_bytes});
    if (!frame.kind.empty()) ++volumes;
    structures += frame.checked;
  }
  report.reach = input.stopped() ? Reach::opening : Reach::frame;
  if (report.shape == Shape::whole) {
    report.holds("partitions.volumes",
                 fmt::format("{} partitions, {} with a known file system, of which {} structures fit",
                             partitions.size(), volumes, structures));
  }
  return report;
}

}  // namespace

const Format k_partition_table_format = {.id = "partition_table",
                                         .title = "Disk with partitions",
                                         .family = Family::disk,
                                         .claims = k_claims,
                                         .recognise = recognise,
                                         .walk = walk};

}  // namespace lastgood::formats
