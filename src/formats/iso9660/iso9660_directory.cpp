// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ECMA-119, 9.1 and 9.4. Numbers stand twice, little and big endian: random bytes do not agree with themselves.
//
//   path-table = (name-length(1) attribute-length(1) extent(4) parent(2) name [pad to even])*
//   directory  = record* in blocks of 2048; a record does not cross a block, zeros fill the rest
//   record     = length(1) attribute-length(1) extent(8: both) size(8: both) date(7) flags(1) ... name
#include "formats/iso9660/iso9660_directory.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "formats/payload_nature.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_directories_max = 65'535;  // the path table counts parents in 16 bits
constexpr std::uint64_t k_directory_bytes_max = 64ULL * 1024 * 1024;
constexpr std::uint64_t k_record_bytes_min = 34;
constexpr std::uint64_t k_bad_max = 32;

struct Extent {
  std::uint64_t from = 0;
  std::uint64_t bytes = 0;
};

/// Both halves of a number agree.
bool agrees(ByteView bytes, std::uint64_t at) { return bytes.le32(at) == bytes.be32(at + 4); }

/// First blocks of all directories, in ascending order; cut off where an entry does not hold.
std::vector<std::uint64_t> read_path_table(WalkInput& input, const IsoVolume& volume) {
  std::vector<std::uint64_t> found;
  std::uint64_t at = volume.path_table_from;
  const std::uint64_t end = at + volume.path_table_bytes;
  while (at + 8 < end && found.size() < k_directories_max && input.may_continue()) {
    const ByteView entry = input.at(at, 8);
    const std::uint64_t name_bytes = entry.u8(0);
    if (name_bytes == 0 || entry.le32(2) >= volume.blocks) break;
    found.push_back(entry.le32(2) * volume.block_bytes);
    at += 8 + name_bytes + name_bytes % 2;
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

/// Empty: the record does not hold.
std::optional<Extent> parse_record(ByteView record, const IsoVolume& volume) {
  const bool numbers = agrees(record, 2) && agrees(record, 10) && record.le16(28) == record.be16(30);
  const bool name = record.u8(32) > 0 && 33U + record.u8(32) <= record.size();
  const std::uint64_t from = std::uint64_t{record.le32(2)} * volume.block_bytes;
  const std::uint64_t bytes = record.le32(10);
  const std::uint64_t volume_bytes = volume.blocks * volume.block_bytes;
  const bool inside = bytes == 0 || (from <= volume_bytes && bytes <= volume_bytes - from);
  if (record.size() < k_record_bytes_min || !numbers || !name || !inside) return std::nullopt;
  return Extent{.from = from, .bytes = bytes};
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  const IsoVolume& volume;
  IsoCounts counts;
  std::vector<Extent> directories;
  std::vector<Extent> files;
  std::uint64_t bad = 0;
};

void name_bad(Walk& walk, std::uint64_t directory, std::uint64_t at) {
  ++walk.bad;
  const std::uint64_t block = at / walk.volume.block_bytes * walk.volume.block_bytes;
  walk.report.breaks("iso9660.record",
                     fmt::format("no record that holds at byte {} of the directory at byte {}", at, directory),
                     {.from = block, .to = std::min(walk.input.size_bytes(), block + walk.volume.block_bytes)});
}

/// The first record is the directory itself and gives its length.
void walk_directory(Walk& walk, std::uint64_t from) {
  const std::uint64_t block_bytes = walk.volume.block_bytes;
  const ByteView first = walk.input.at(from, 256);
  const std::optional<Extent> self = parse_record(first.part(0, first.u8(0)), walk.volume);
  if (!self || self->from != from || self->bytes > k_directory_bytes_max) {
    name_bad(walk, from, from);
    return;
  }
  ++walk.counts.directories;
  walk.directories.push_back(*self);
  std::uint64_t at = from;
  const std::uint64_t end = from + self->bytes;
  while (at < end && walk.input.may_continue()) {
    const ByteView bytes = walk.input.at(at, 256);
    const std::uint64_t length = bytes.u8(0);
    const std::uint64_t block_end = (at / block_bytes + 1) * block_bytes;
    if (length == 0) {
      at = block_end;
      continue;
    }
    const std::optional<Extent> extent = parse_record(bytes.part(0, length), walk.volume);
    if (!extent || at + length > block_end) {
      name_bad(walk, from, at);
      if (walk.bad >= k_bad_max) return;
      at = block_end;
      continue;
    }
    ++walk.counts.records;
    const bool directory = (bytes.u8(25) & 2U) != 0;
    if (!directory && extent->bytes > 0 && walk.files.size() < 4 * WalkReport::k_regions_max)
      walk.files.push_back(*extent);
    at += length;
  }
}

/// Names directories as structured and what begins as a compressed format as compressed, in ascending order.
void name_regions(Walk& walk) {
  if (walk.input.depth() == model::Depth::quick) return;
  struct Named {
    Extent extent;
    model::RegionKind kind;
  };
  std::vector<Named> named;
  for (const Extent& directory : walk.directories) named.push_back({directory, model::RegionKind::structured});
  std::sort(walk.files.begin(), walk.files.end(), [](const Extent& a, const Extent& b) { return a.from < b.from; });
  for (const Extent& file : walk.files) {
    if (!walk.input.may_continue()) break;
    const ByteView head = walk.input.at(file.from, static_cast<std::size_t>(std::min<std::uint64_t>(file.bytes, 300)));
    if (find_payload_nature(head) == PayloadNature::compressed) named.push_back({file, model::RegionKind::compressed});
  }
  std::sort(named.begin(), named.end(), [](const Named& a, const Named& b) { return a.extent.from < b.extent.from; });
  for (const Named& entry : named) {
    const std::uint64_t to = std::min(walk.input.size_bytes(), entry.extent.from + entry.extent.bytes);
    walk.report.region(entry.extent.from, to, entry.kind);
  }
}

}  // namespace

IsoCounts walk_iso_directories(WalkInput& input, WalkReport& report, const IsoVolume& volume) {
  Walk walk{.input = input, .report = report, .volume = volume};
  std::vector<std::uint64_t> found = read_path_table(input, volume);
  if (!std::binary_search(found.begin(), found.end(), volume.root_from) && !input.stopped()) {
    report.breaks("iso9660.path-table",
                  fmt::format("the path table at byte {} does not lead to the root directory", volume.path_table_from),
                  {.from = volume.path_table_from,
                   .to = std::min(input.size_bytes(), volume.path_table_from + volume.path_table_bytes)});
    found = {volume.root_from};
  }
  for (const std::uint64_t directory : found) {
    if (!input.may_continue() || walk.bad >= k_bad_max) break;
    walk_directory(walk, directory);
  }
  name_regions(walk);
  return walk.counts;
}

}  // namespace lastgood::formats
