// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// VirtualBox disk. Facts: the layout as published with VirtualBox (VDICore.h), version 1.1.
//
//   file = text(64) magic(4) version(4) header length(4) type(4) flags(4) comment(256) map at(4) data at(4)
//   geometry(16)
//          unused(4) disk size(8) block size(4) block extra(4) blocks(4) blocks in use(4) ids(64)
//          map: one block number(4) per block of the disk, then the blocks in use
#include "formats/vdi/vdi_walker.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"vdi", Promise::firm}};
constexpr std::uint32_t k_magic = 0xBEDA107F;
constexpr std::uint64_t k_header_bytes = 512;
constexpr std::uint32_t k_block_unused = 0xFFFFFFFE;  // this and the next
constexpr std::uint64_t k_blocks_max = 64'000'000;

bool is_header(ByteView head) { return head.le32(64) == k_magic && head.le32(68) >> 16 == 1; }

Likeness recognise(const Edges& edges) { return is_header(edges.head) ? Likeness::strong : Likeness::none; }

struct Disk {
  std::uint64_t map_at = 0;
  std::uint64_t data_at = 0;
  std::uint64_t block_bytes = 0;  // with what stands before each block
  std::uint64_t blocks = 0;
  std::uint64_t used = 0;
};

/// Every block number must be below the count of blocks in use, none may come twice.
std::uint64_t check_map(WalkInput& input, WalkReport& report, const Disk& disk) {
  std::vector<bool> seen(static_cast<std::size_t>(disk.used));
  std::uint64_t mapped = 0;
  for (std::uint64_t from = 0; from < disk.blocks && input.may_continue(); from += 65536) {
    const std::uint64_t count = std::min<std::uint64_t>(65536, disk.blocks - from);
    const ByteView part = input.at(disk.map_at + 4 * from, static_cast<std::size_t>(4 * count));
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint32_t block = part.le32(4 * i);
      if (block >= k_block_unused) continue;
      if (block >= disk.used || seen[block]) {
        report.breaks(
            "vdi.map",
            fmt::format("block {} of the disk: the map names block {} of {} in use", from + i, block, disk.used),
            {.from = disk.map_at, .to = disk.map_at + 4 * disk.blocks});
        return mapped;
      }
      seen[block] = true;
      ++mapped;
    }
  }
  return mapped;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!is_header(head)) return report;
  report.shape = Shape::whole;
  if (!head.matches(0, "<<<")) {
    report.breaks("vdi.text", "the text before the magic number is not that of any known program",
                  {.from = 0, .to = 64});
  }
  const Disk disk{.map_at = head.le32(340),
                  .data_at = head.le32(344),
                  .block_bytes = std::uint64_t{head.le32(376)} + head.le32(380),
                  .blocks = head.le32(384),
                  .used = head.le32(388)};
  const std::uint64_t size_bytes = input.size_bytes();
  const std::uint32_t type = head.le32(76);
  const bool fits = head.size() >= k_header_bytes && type >= 1 && type <= 4 && disk.block_bytes >= 4096 &&
                    disk.blocks <= k_blocks_max && disk.used <= disk.blocks && disk.map_at >= 400 &&
                    disk.map_at <= size_bytes && 4 * disk.blocks <= size_bytes - disk.map_at &&
                    disk.data_at >= disk.map_at + 4 * disk.blocks && disk.data_at <= size_bytes + 1024 * 1024 &&
                    head.le64(368) <= disk.blocks * head.le32(376);
  if (!fits) {
    report.breaks("vdi.header", "the places and counts in the header do not fit the content",
                  {.from = 0, .to = std::min(k_header_bytes, size_bytes)});
    return report;
  }
  const std::uint64_t end = disk.data_at + disk.used * disk.block_bytes;
  if (end > size_bytes && disk.used != 0) {
    report.breaks("vdi.length",
                  fmt::format("{} blocks in use end at byte {}, the content at {}", disk.used, end, size_bytes),
                  {.from = 384, .to = 392});
  } else {
    report.end_bytes = disk.used == 0 ? size_bytes : end;
  }
  report.region(0, k_header_bytes, RegionKind::structured);
  report.region(disk.map_at, disk.map_at + 4 * disk.blocks, RegionKind::structured);
  const std::uint64_t mapped = check_map(input, report, disk);
  report.reach = input.stopped() ? Reach::opening : Reach::frame;
  if (report.shape == Shape::whole)
    report.holds("vdi.map",
                 fmt::format("the map of {} blocks names {} of {} in use, each once", disk.blocks, mapped, disk.used));
  return report;
}

}  // namespace

const Format k_vdi_format = {.id = "vdi",
                             .title = "VirtualBox disk",
                             .family = Family::disk,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
