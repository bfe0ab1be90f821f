// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Hyper-V disk, second generation. Specification: [MS-VHDX], sections 2.1 to 2.6.
//
//   file   = identifier(64 KiB) header(64 KiB) header(64 KiB) regions(64 KiB) regions(64 KiB) ... from 1 MiB: log,
//   block
//            table, metadata, blocks
//   header = "head" crc32c(4, over 4 KiB) sequence(8) ...      the one with the higher sequence counts
//   regions = "regi" crc32c(4, over 64 KiB) entries(4) pad(4) (guid(16) place(8) length(4) required(4))*
//   table entry = state(3 bits) ... place in MiB(44 bits)
#include "formats/vhdx/vhdx_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"vhdx", Promise::firm}, NameClaim{"avhdx", Promise::firm}};
constexpr std::string_view k_magic = "vhdxfile";
constexpr std::uint64_t k_kib = 1024;
constexpr std::uint64_t k_mib = 1024 * k_kib;
constexpr std::array<std::uint64_t, 2> k_headers_at = {64 * k_kib, 128 * k_kib};
constexpr std::array<std::uint64_t, 2> k_regions_at = {192 * k_kib, 256 * k_kib};
constexpr std::string_view k_table_guid = "\x66\x77\xC2\x2D\x23\xF6\x00\x42\x9D\x64\x11\x5E\x9B\xFD\x4A\x08"sv;
constexpr std::string_view k_metadata_guid = "\x06\xA2\x7C\x8B\x90\x47\x9A\x4B\xB8\xFE\x57\x5F\x05\x0F\x88\x6E"sv;
constexpr std::string_view k_parameters_guid = "\x37\x67\xA1\xCA\x36\xFA\x43\x4D\xB3\xB6\x33\xF0\xAA\x44\xE7\x6B"sv;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

/// The CRC is taken with its own field as zeros.
bool sum_fits(WalkInput& input, std::uint64_t at, std::size_t length, std::string_view signature) {
  const ByteView bytes = input.at(at, length);
  if (bytes.size() != length || !bytes.matches(0, signature)) return false;
  constexpr std::array<std::uint8_t, 4> k_zeros{};
  std::uint32_t sum = base::crc32c(bytes.part(0, 4));
  sum = base::crc32c(ByteView(std::span<const std::uint8_t>(k_zeros)), sum);
  return base::crc32c(bytes.part(8), sum) == bytes.le32(4);
}

struct Place {
  std::uint64_t at = 0;
  std::uint64_t length = 0;
};

struct Regions {
  Place table;
  Place metadata;
};

Regions parse_regions(WalkInput& input, std::uint64_t at) {
  Regions regions;
  const ByteView bytes = input.at(at, 64 * k_kib);
  const std::uint64_t count = std::min<std::uint32_t>(bytes.le32(8), 2047);
  for (std::uint64_t i = 0; i < count; ++i) {
    const ByteView entry = bytes.part(16 + 32 * i, 32);
    const Place place{.at = entry.le64(16), .length = entry.le32(24)};
    if (entry.matches(0, k_table_guid)) regions.table = place;
    if (entry.matches(0, k_metadata_guid)) regions.metadata = place;
  }
  return regions;
}

bool is_inside(const WalkInput& input, const Place& place) {
  return place.at >= k_mib && place.at % k_mib == 0 && place.length != 0 && place.at <= input.size_bytes() &&
         place.length <= input.size_bytes() - place.at;
}

/// Block size by the metadata table (2.6); 0 when it is not there.
std::uint64_t find_block_bytes(WalkInput& input, const Place& metadata) {
  const ByteView table = input.at(metadata.at, 64 * k_kib);
  if (!table.matches(0, "metadata")) return 0;
  for (std::uint64_t i = 0; i < std::min<std::uint16_t>(table.le16(10), 2047); ++i) {
    const ByteView entry = table.part(32 + 32 * i, 32);
    if (!entry.matches(0, k_parameters_guid)) continue;
    const std::uint64_t offset = entry.le32(16);
    return offset < metadata.length ? input.at(metadata.at + offset, 8).le32(0) : 0;
  }
  return 0;
}

/// Walks the block table; gives the end of the last block in the file.
std::uint64_t walk_table(WalkInput& input, WalkReport& report, const Place& table, std::uint64_t block_bytes) {
  std::uint64_t end = 0;
  std::uint64_t used = 0;
  // After `chunk` block entries comes one for a sector bitmap of 1 MiB (2.5); its state is 0 or 6 as well.
  const std::uint64_t entries = table.length / 8;
  for (std::uint64_t from = 0; from < entries && input.may_continue(); from += 8192) {
    const std::uint64_t count = std::min<std::uint64_t>(8192, entries - from);
    const ByteView part = input.at(table.at + 8 * from, static_cast<std::size_t>(8 * count));
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t entry = part.le64(8 * i);
      const std::uint64_t state = entry & 7;
      const std::uint64_t at = (entry >> 20) * k_mib;
      const bool is_used = state >= 6;
      const bool fits = (entry & 0xFFFF8) == 0 && state != 4 && state != 5 &&
                        (!is_used || (at >= k_mib && at < input.size_bytes() && input.size_bytes() - at >= k_mib));
      if (!fits) {
        report.breaks("vhdx.blocks",
                      fmt::format("block table entry {} points at byte {} with state {}", from + i, at, state),
                      {.from = table.at, .to = table.at + table.length});
        return 0;
      }
      if (!is_used) continue;
      ++used;
      end = std::max(end, at + (input.size_bytes() - at >= block_bytes ? block_bytes : k_mib));
    }
  }
  report.holds("vhdx.blocks", fmt::format("{} blocks of {} bytes lie inside the content", used, block_bytes));
  return end;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0, k_magic)) return report;
  report.shape = Shape::whole;
  // One of the two copies may be half written; both broken is damage.
  std::uint64_t headers = 0;
  std::uint64_t regions_at = 0;
  for (const std::uint64_t at : k_headers_at) headers += sum_fits(input, at, 4 * k_kib, "head") ? 1U : 0U;
  for (const std::uint64_t at : k_regions_at) {
    if (sum_fits(input, at, 64 * k_kib, "regi")) regions_at = at;
  }
  const std::uint64_t opening_end = std::min(input.size_bytes(), 320 * k_kib);
  if (headers == 0 || regions_at == 0) {
    report.breaks("vhdx.header",
                  headers == 0 ? "the CRC-32C of neither header fits" : "the CRC-32C of neither region table fits",
                  {.from = std::min(opening_end, headers == 0 ? k_headers_at[0] : k_regions_at[0]), .to = opening_end});
    return report;
  }
  const Regions regions = parse_regions(input, regions_at);
  const std::uint64_t block_bytes = is_inside(input, regions.metadata) ? find_block_bytes(input, regions.metadata) : 0;
  if (!is_inside(input, regions.table) || block_bytes < k_mib || block_bytes > 256 * k_mib) {
    report.breaks("vhdx.metadata", "the block table or the metadata lie outside or do not begin as they must",
                  {.from = 0, .to = opening_end});
    return report;
  }
  report.holds("vhdx.header", fmt::format("the CRC-32C of {} headers and of the region table fit", headers));
  report.region(0, 320 * k_kib, RegionKind::verified);
  const std::uint64_t blocks_end = walk_table(input, report, regions.table, block_bytes);
  report.reach = input.stopped() ? Reach::opening : Reach::frame;
  if (report.shape == Shape::whole) {
    // The file grows by whole mebibytes; the log and other regions may stand behind the last block.
    const std::uint64_t known_end =
        std::max({blocks_end, regions.table.at + regions.table.length, regions.metadata.at + regions.metadata.length});
    report.end_bytes = std::max(known_end, input.size_bytes() - input.size_bytes() % k_mib);
  }
  return report;
}

}  // namespace

const Format k_vhdx_format = {.id = "vhdx",
                              .title = "VHDX disk",
                              .family = Family::disk,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
