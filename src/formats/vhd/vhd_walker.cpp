// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Virtual PC and Hyper-V disk, first generation. Specification: Microsoft, "Virtual Hard Disk Image Format", 1.0.
//
//   fixed   = the disk's bytes, footer(512)
//   dynamic = copy of the footer(512) dynamic header(1024) block table, (sector bitmap, block)*, footer(512)
//   footer  = "conectix" features(4) version(4) dynamic header at(8) ... type(4, at 60) checksum(4) ... all big-endian
//   The checksum is the complement of the sum of the other bytes.
#include "formats/vhd/vhd_walker.h"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"vhd", Promise::firm}, NameClaim{"vpc", Promise::loose},
                                 NameClaim{"avhd", Promise::firm}};
constexpr std::string_view k_footer_magic = "conectix";
constexpr std::string_view k_header_magic = "cxsparse";
constexpr std::uint64_t k_footer_bytes = 512;
constexpr std::uint64_t k_header_bytes = 1024;
constexpr std::uint32_t k_type_fixed = 2;
constexpr std::uint32_t k_block_unused = 0xFFFFFFFF;

/// Some old tools write footers of 511 bytes.
ByteView footer_in(ByteView tail) {
  if (tail.size() < k_footer_bytes) return {};
  const ByteView last = tail.part(tail.size() - k_footer_bytes);
  return last.matches(1, k_footer_magic) ? last.part(1) : last;
}

bool sum_fits(ByteView bytes, std::uint64_t sum_at) {
  std::uint32_t sum = 0;
  for (std::uint64_t i = 0; i < bytes.size(); ++i) {
    if (i < sum_at || i >= sum_at + 4) sum += bytes.u8(i);
  }
  return ~sum == bytes.be32(sum_at);
}

bool is_footer(ByteView footer) {
  return footer.matches(0, k_footer_magic) && footer.be32(60) >= 2 && footer.be32(60) <= 4;
}

Likeness recognise(const Edges& edges) {
  return is_footer(edges.head) || is_footer(footer_in(edges.tail)) ? Likeness::strong : Likeness::none;
}

void walk_fixed(WalkInput& input, WalkReport& report, ByteView footer) {
  report.reach = Reach::opening;  // the disk's own bytes are for whoever reads partitions
  const std::uint64_t disk_bytes = footer.be64(48);
  const std::uint64_t footer_from = input.size_bytes() - footer.size();
  if (disk_bytes > footer_from) {
    report.breaks("vhd.length",
                  fmt::format("the footer speaks of {} bytes, {} stand before it", disk_bytes, footer_from),
                  {.from = footer_from, .to = input.size_bytes()});
    return;
  }
  report.end_bytes = input.size_bytes();
  report.region(footer_from, input.size_bytes(), RegionKind::verified);
  report.holds("vhd.footer", fmt::format("footer of a fixed disk of {} bytes, its checksum fits", disk_bytes));
}

struct BlockTable {
  std::uint64_t at = 0;
  std::uint64_t entries = 0;
  std::uint64_t block_bytes = 0;  // with its sector bitmap
};

struct Blocks {
  std::uint64_t used = 0;
  std::uint64_t end_bytes = 0;
};

/// False when an entry points nowhere.
bool read_table(WalkInput& input, WalkReport& report, const BlockTable& table, Blocks& blocks) {
  for (std::uint64_t from = 0; from < table.entries && input.may_continue(); from += 65536) {
    const std::uint64_t count = std::min<std::uint64_t>(65536, table.entries - from);
    const ByteView part = input.at(table.at + 4 * from, static_cast<std::size_t>(4 * count));
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint32_t sector = part.be32(4 * i);
      if (sector == k_block_unused) continue;
      const std::uint64_t at = std::uint64_t{512} * sector;
      if (at < table.at || at > input.size_bytes() || table.block_bytes > input.size_bytes() - at) {
        report.breaks("vhd.blocks", fmt::format("block {} begins at byte {} and ends outside", from + i, at),
                      {.from = table.at, .to = table.at + 4 * table.entries});
        return false;
      }
      ++blocks.used;
      blocks.end_bytes = std::max(blocks.end_bytes, at + table.block_bytes);
    }
  }
  return true;
}

void walk_dynamic(WalkInput& input, WalkReport& report, ByteView head) {
  const std::uint64_t header_at = head.be64(16);
  const ByteView header = input.at(header_at, k_header_bytes);
  const bool header_fits = header.size() == k_header_bytes && header.matches(0, k_header_magic) && sum_fits(header, 36);
  const std::uint64_t data_bytes = header.be32(32);
  BlockTable table{.at = header.be64(16), .entries = header.be32(28)};
  if (!header_fits || data_bytes < 4096 || !std::has_single_bit(data_bytes) || table.at > input.size_bytes() ||
      4 * table.entries > input.size_bytes() - table.at) {
    report.breaks("vhd.header", fmt::format("no dynamic header that fits at byte {}", header_at),
                  {.from = std::min(header_at, input.size_bytes()),
                   .to = std::min(input.size_bytes(), std::min(header_at, input.size_bytes()) + k_header_bytes)});
    return;
  }
  table.block_bytes = data_bytes + (data_bytes / 512 / 8 + 511) / 512 * 512;
  Blocks blocks{.end_bytes = std::max((table.at + 4 * table.entries + 511) / 512 * 512, header_at + k_header_bytes)};
  if (!read_table(input, report, table, blocks)) return;
  report.region(0, k_footer_bytes, RegionKind::verified);
  report.region(header_at, header_at + k_header_bytes, RegionKind::verified);
  report.region(table.at, table.at + 4 * table.entries, RegionKind::structured);
  report.reach = input.stopped() ? Reach::opening : Reach::frame;
  if (is_footer(footer_in(input.tail())) && sum_fits(footer_in(input.tail()), 64)) {
    report.end_bytes = input.size_bytes();
    report.holds("vhd.blocks", fmt::format("{} of {} blocks lie inside, both footers fit", blocks.used, table.entries));
    return;
  }
  // What follows the last block should be the footer; bytes behind it are somebody else's.
  const ByteView footer = input.at(blocks.end_bytes, k_footer_bytes);
  if (is_footer(footer) && sum_fits(footer, 64)) {
    report.end_bytes = blocks.end_bytes + k_footer_bytes;
    report.holds("vhd.blocks",
                 fmt::format("{} of {} blocks lie inside, the footer follows them", blocks.used, table.entries));
    return;
  }
  report.breaks("vhd.footer", "no footer at the end",
                {.from = input.size_bytes() - std::min(input.size_bytes(), k_footer_bytes), .to = input.size_bytes()});
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head().part(0, k_footer_bytes);
  const ByteView footer = footer_in(input.tail());
  const bool is_dynamic = is_footer(head);
  if (!is_dynamic && !is_footer(footer)) return report;
  report.shape = Shape::whole;
  if (is_dynamic && sum_fits(head, 64)) {
    walk_dynamic(input, report, head);
  } else if (is_dynamic || footer.be32(60) != k_type_fixed) {
    report.breaks("vhd.copy", "the copy of the footer at the start does not fit", {.from = 0, .to = head.size()});
  } else if (!sum_fits(footer, 64)) {
    report.breaks("vhd.footer", "the footer's checksum does not fit",
                  {.from = input.size_bytes() - footer.size(), .to = input.size_bytes()});
  } else {
    walk_fixed(input, report, footer);
  }
  return report;
}

}  // namespace

const Format k_vhd_format = {
    .id = "vhd", .title = "VHD disk", .family = Family::disk, .claims = k_claims, .recognise = recognise, .walk = walk};

}  // namespace lastgood::formats
