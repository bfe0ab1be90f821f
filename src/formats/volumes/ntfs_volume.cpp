// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// NTFS. Facts: Linux-NTFS project, "NTFS Documentation": boot sector, file records, runs.
//
//   volume = boot sector ... file records (the first describes where all of them are) ... copy of the boot sector
//   record = "FILE" fix-up list at(2) its length(2) ... ; the last two bytes of each sector of a record are the number
//            that begins the fix-up list: a record that was half written, or replaced, does not have it
#include <algorithm>
#include <bit>
#include <vector>

#include <fmt/format.h>

#include "formats/volumes/volume.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr std::uint64_t k_boot_bytes = 512;
constexpr std::uint64_t k_runs_max = 100'000;
constexpr std::uint64_t k_named_max = 50;

struct Ntfs {
  std::uint64_t sector_bytes = 0;
  std::uint64_t cluster_bytes = 0;
  std::uint64_t sectors = 0;
  std::uint64_t records_cluster = 0;
  std::uint64_t mirror_cluster = 0;
  std::uint64_t record_bytes = 0;
};

Ntfs parse_boot(ByteView boot) {
  const std::uint32_t per_cluster = boot.u8(13);
  // From 0x80 on the number is a negative power of two.
  const std::uint64_t sectors_per_cluster =
      per_cluster <= 0x80 ? per_cluster : std::uint64_t{1} << std::min<std::uint32_t>(256 - per_cluster, 20);
  Ntfs ntfs{.sector_bytes = boot.le16(11),
            .sectors = boot.le64(40),
            .records_cluster = boot.le64(48),
            .mirror_cluster = boot.le64(56)};
  ntfs.cluster_bytes = ntfs.sector_bytes * sectors_per_cluster;
  const std::uint32_t per_record = boot.u8(64);
  ntfs.record_bytes = per_record < 0x80 ? per_record * ntfs.cluster_bytes
                                        : std::uint64_t{1} << std::min<std::uint32_t>(256 - per_record, 20);
  return ntfs;
}

bool boot_can_be(const Ntfs& ntfs) {
  return ntfs.sector_bytes >= 256 && ntfs.sector_bytes <= 4096 && std::has_single_bit(ntfs.sector_bytes) &&
         std::has_single_bit(ntfs.cluster_bytes) && ntfs.record_bytes >= 512 && ntfs.record_bytes <= 65536 &&
         std::has_single_bit(ntfs.record_bytes) && ntfs.sectors != 0 && ntfs.sectors < (std::uint64_t{1} << 48) &&
         ntfs.records_cluster < ntfs.sectors && ntfs.mirror_cluster < ntfs.sectors;
}

enum class RecordState : std::uint8_t { good, unused, bad };

RecordState judge_record(const Ntfs& ntfs, ByteView record) {
  if (record.size() < ntfs.record_bytes) return RecordState::bad;
  const bool is_named = record.matches(0, "FILE") || record.matches(0, "BAAD");
  if (!is_named) {
    const bool is_zero = std::all_of(record.begin(), record.end(), [](std::uint8_t byte) { return byte == 0; });
    return is_zero ? RecordState::unused : RecordState::bad;
  }
  const std::uint64_t list_at = record.le16(4);
  const std::uint64_t count = record.le16(6);
  constexpr std::uint64_t k_stride_bytes = 512;  // whatever the sector size
  if (count != ntfs.record_bytes / k_stride_bytes + 1 || list_at + 2 * count > ntfs.record_bytes)
    return RecordState::bad;
  for (std::uint64_t i = 1; i < count; ++i) {
    if (record.le16(i * k_stride_bytes - 2) != record.le16(list_at)) return RecordState::bad;
  }
  return RecordState::good;
}

struct Run {
  std::uint64_t cluster = 0;
  std::uint64_t clusters = 0;
};

/// A number of `count` bytes, little-endian.
std::uint64_t read_number(ByteView bytes, std::uint64_t at, std::uint64_t count) {
  std::uint64_t value = 0;
  for (std::uint64_t i = 0; i < count && i < 8; ++i) value |= std::uint64_t{bytes.u8(at + i)} << (8 * i);
  return value;
}

/// The runs of the unnamed data attribute (type 0x80) of the first record.
std::vector<Run> parse_runs(ByteView record) {
  std::vector<Run> runs;
  std::uint64_t at = record.le16(20);
  for (int i = 0; i < 64 && record.le32(at) != 0x80; ++i) {
    if (record.le32(at) == 0xFFFFFFFF || record.le32(at + 4) < 16) return runs;
    at += record.le32(at + 4);
  }
  if (record.le32(at) != 0x80 || record.u8(at + 8) == 0) return runs;
  std::uint64_t cluster = 0;
  for (std::uint64_t run_at = at + record.le16(at + 32); record.u8(run_at) != 0 && runs.size() < k_runs_max;) {
    const std::uint64_t length_bytes = record.u8(run_at) & 0xFU;
    const std::uint64_t offset_bytes = record.u8(run_at) >> 4U;
    if (length_bytes == 0 || length_bytes > 8 || offset_bytes == 0 || offset_bytes > 8) return runs;
    std::uint64_t offset = read_number(record, run_at + 1 + length_bytes, offset_bytes);
    const bool is_negative = offset_bytes < 8 && (record.u8(run_at + length_bytes + offset_bytes) & 0x80) != 0;
    if (is_negative) offset |= UINT64_MAX << (8 * offset_bytes);
    cluster += offset;
    runs.push_back({.cluster = cluster, .clusters = read_number(record, run_at + 1, length_bytes)});
    run_at += 1 + length_bytes + offset_bytes;
  }
  return runs;
}

/// Every record, or some of them, through all runs.
void walk_records(WalkInput& input, WalkReport& report, const VolumePlace& place, const Ntfs& ntfs,
                  const std::vector<Run>& runs, VolumeFrame& frame) {
  const std::uint64_t volume_clusters = ntfs.sectors / (ntfs.cluster_bytes / ntfs.sector_bytes) + 1;
  std::uint64_t records = 0;
  for (const Run& run : runs) {
    if (run.cluster >= volume_clusters || run.clusters > volume_clusters - run.cluster) {
      report.breaks(
          "ntfs.runs", fmt::format("file records at cluster {} are behind the volume", run.cluster),
          volume_range(input, place.from_bytes + ntfs.records_cluster * ntfs.cluster_bytes, ntfs.record_bytes));
      return;
    }
    records += run.clusters * ntfs.cluster_bytes / ntfs.record_bytes;
  }
  const std::uint64_t step = std::max<std::uint64_t>(1, records / volume_samples_max(input));
  frame.is_every_one = step == 1;
  std::uint64_t bad = 0;
  for (const Run& run : runs) {
    const std::uint64_t from = place.from_bytes + run.cluster * ntfs.cluster_bytes;
    const std::uint64_t count = run.clusters * ntfs.cluster_bytes / ntfs.record_bytes;
    for (std::uint64_t i = 0; i < count; i += step) {
      if (!input.may_continue()) return;
      const std::uint64_t at = from + i * ntfs.record_bytes;
      const RecordState state = judge_record(ntfs, input.at(at, static_cast<std::size_t>(ntfs.record_bytes)));
      if (state != RecordState::bad) {
        ++frame.checked;
      } else if (++bad <= k_named_max) {
        report.breaks("ntfs.records", fmt::format("no file record fits at byte {}", at),
                      volume_range(input, at, ntfs.record_bytes));
      }
    }
  }
}

}  // namespace

bool opens_ntfs(ByteView head) { return head.matches(3, "NTFS    ") && head.le16(510) == 0xAA55; }

VolumeFrame walk_ntfs(WalkInput& input, WalkReport& report, const VolumePlace& place) {
  const ByteView boot = input.at(place.from_bytes, k_boot_bytes);
  if (!opens_ntfs(boot)) return {};
  const Ntfs ntfs = parse_boot(boot);
  VolumeFrame frame{.kind = "ntfs"};
  if (!boot_can_be(ntfs)) {
    report.breaks("ntfs.boot", "boot sector: sizes and places do not agree",
                  volume_range(input, place.from_bytes, k_boot_bytes));
    return frame;
  }
  const std::uint64_t copy_at = ntfs.sectors * ntfs.sector_bytes;
  frame.length_bytes = copy_at;
  const ByteView copy = input.at(place.from_bytes + copy_at, k_boot_bytes);
  if (copy.matches(3, "NTFS    ") && place.length_bytes > copy_at) frame.length_bytes = copy_at + ntfs.sector_bytes;
  const std::uint64_t first_at = place.from_bytes + ntfs.records_cluster * ntfs.cluster_bytes;
  const ByteView first = input.at(first_at, static_cast<std::size_t>(ntfs.record_bytes));
  if (judge_record(ntfs, first) != RecordState::good) {
    report.breaks("ntfs.records", fmt::format("the first file record, at byte {}, does not fit", first_at),
                  volume_range(input, first_at, ntfs.record_bytes));
    return frame;
  }
  const std::vector<Run> runs = parse_runs(first);
  walk_records(input, report, place, ntfs, runs, frame);
  const std::uint64_t mirror_at = place.from_bytes + ntfs.mirror_cluster * ntfs.cluster_bytes;
  if (judge_record(ntfs, input.at(mirror_at, static_cast<std::size_t>(ntfs.record_bytes))) != RecordState::good) {
    report.breaks("ntfs.mirror", fmt::format("the copy of the first file record, at byte {}, does not fit", mirror_at),
                  volume_range(input, mirror_at, ntfs.record_bytes));
  } else {
    ++frame.checked;
  }
  return frame;
}

}  // namespace lastgood::formats
