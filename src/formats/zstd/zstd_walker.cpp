// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Zstandard. Specification: RFC 8878, section 3.
//
//   file       = (frame | skippable)+
//   frame      = 28 B5 2F FD descriptor(1) [window(1)] [dictionary-id(0-4)] [content-size(0-8)] block+ [xxh64-low(4)]
//   block      = header(3: last 1 bit, type 2 bits, size 21 bits) data      type: raw, RLE (one byte), compressed
//   skippable  = 5x 2A 4D 18 (x: 0-F) size(4) data
//
// Blocks are at most 128 KiB and say their size: the skeleton needs no decoding.
#include "formats/zstd/zstd_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"
#include "formats/dump_end.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"zst", Promise::firm}, NameClaim{"zstd", Promise::firm},
                                 NameClaim{"tzst", Promise::firm}};
constexpr std::uint32_t k_frame_magic = 0xFD2FB528;
constexpr std::uint32_t k_skippable_magic = 0x184D2A50;
constexpr std::uint32_t k_legacy_first = 0xFD2FB522;  // versions 0.2 to 0.7 of the format, never standardised
constexpr std::uint32_t k_legacy_last = 0xFD2FB527;
constexpr std::uint64_t k_block_bytes_max = 128 * 1024;
constexpr std::uint64_t k_header_bytes_max = 18;
constexpr std::uint64_t k_quick_blocks_max = 64;

bool is_skippable(std::uint32_t magic) { return (magic & 0xFFFFFFF0U) == k_skippable_magic; }
bool is_legacy(std::uint32_t magic) { return magic >= k_legacy_first && magic <= k_legacy_last; }

struct FrameHeader {
  std::uint64_t length_bytes = 0;
  std::uint64_t window_bytes = 0;
  std::uint64_t block_bytes_max = 0;
  std::uint64_t checksum_bytes = 0;
};

std::uint64_t window_size(std::uint8_t descriptor) {
  const std::uint64_t base = std::uint64_t{1} << (10 + (descriptor >> 3));
  return base + base / 8 * (descriptor & 7U);
}

/// Section 3.1.1.1.4: two bytes count from 256.
std::uint64_t content_size(ByteView header, std::uint64_t at, std::uint64_t size_bytes) {
  switch (size_bytes) {
    case 1: return header.u8(at);
    case 2: return std::uint64_t{header.le16(at)} + 256;
    case 4: return header.le32(at);
    default: return header.le64(at);
  }
}

/// Section 3.1.1.1. Empty: no frame header.
std::optional<FrameHeader> parse_frame_header(ByteView bytes) {
  constexpr std::array<std::uint64_t, 4> k_id_bytes = {0, 1, 2, 4};
  constexpr std::array<std::uint64_t, 4> k_size_bytes = {0, 2, 4, 8};
  const std::uint8_t descriptor = bytes.u8(4);
  const bool single = (descriptor & 0x20U) != 0;
  const bool reserved = (descriptor & 0x08U) != 0;
  if (bytes.le32(0) != k_frame_magic || reserved) return std::nullopt;
  const std::uint64_t id_bytes = k_id_bytes[descriptor & 3U];
  std::uint64_t size_bytes = k_size_bytes[descriptor >> 6];
  if (size_bytes == 0 && single) size_bytes = 1;
  FrameHeader header{.length_bytes = 5 + (single ? 0U : 1U) + id_bytes + size_bytes};
  if (!bytes.has(0, header.length_bytes)) return std::nullopt;
  header.window_bytes =
      single ? content_size(bytes, header.length_bytes - size_bytes, size_bytes) : window_size(bytes.u8(5));
  header.block_bytes_max = std::min(k_block_bytes_max, header.window_bytes);
  header.checksum_bytes = (descriptor & 4U) != 0 ? 4 : 0;
  return header;
}

Likeness recognise(const Edges& edges) {
  const std::uint32_t magic = edges.head.le32(0);
  if (parse_frame_header(edges.head.part(0, k_header_bytes_max)) || is_legacy(magic)) return Likeness::strong;
  const bool fits = edges.head.has(0, 8) && edges.head.le32(4) <= edges.size_bytes - 8;
  return is_skippable(magic) && fits ? Likeness::strong : Likeness::none;
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  std::uint64_t budget_bytes = 0;
  std::uint64_t at = 0;
  std::uint64_t frames = 0;
  std::uint64_t proven = 0;
  std::uint64_t blocks = 0;
  std::uint64_t decoded_bytes = 0;
  DumpEndWatch dump = {};
};

enum class Next : std::uint8_t { frame, stop };

enum class FrameEnd : std::uint8_t {
  followed,  // the blocks' sizes lead to it
  unknown,
};

/// Follows the blocks' sizes. Gives the frame's end; empty when a block header does not fit or the walk stops.
std::optional<std::uint64_t> follow_blocks(Walk& walk, const FrameHeader& header) {
  std::uint64_t at = walk.at + header.length_bytes;
  while (walk.input.may_continue()) {
    if (walk.input.depth() == Depth::quick && walk.blocks >= k_quick_blocks_max) return std::nullopt;
    const ByteView bytes = walk.input.at(at, 3);
    const std::uint32_t word = bytes.le24(0);
    const std::uint32_t type = (word >> 1) & 3U;
    const std::uint64_t size_bytes = word >> 3;
    const std::uint64_t stored_bytes = type == 1 ? 1 : size_bytes;
    const std::uint64_t next = at + 3 + stored_bytes;
    const bool last = (word & 1U) != 0;
    const std::uint64_t end = next + (last ? header.checksum_bytes : 0);
    const bool is_header = bytes.size() == 3 && type != 3 && size_bytes <= header.block_bytes_max;
    if (!is_header || end > walk.input.size_bytes()) {
      const bool ends_inside = is_header || bytes.size() < 3;
      walk.report.breaks(ends_inside ? "zstd.cut" : "zstd.block",
                         fmt::format("no block that fits at byte {}, after {} blocks", at, walk.blocks),
                         {.from = at, .to = std::min(walk.input.size_bytes(), at + k_block_bytes_max)});
      return std::nullopt;
    }
    ++walk.blocks;
    at = next;
    if (last) return end;
  }
  return std::nullopt;
}

/// Decodes the frame as far as the budget goes. `to`: its end, or the content's where the skeleton is not known.
UnitState prove_frame(Walk& walk, std::uint64_t to, FrameEnd follows) {
  const Decoded decoded =
      decode_stream(walk.input, walk.at, to, Codec::zstd, walk.budget_bytes, [&walk](base::ByteView piece) {
        walk.dump.see(piece);
        return true;
      });
  walk.budget_bytes -= std::min(walk.budget_bytes, decoded.produced_bytes);
  walk.decoded_bytes += decoded.produced_bytes;
  const auto report = follows == FrameEnd::followed ? report_decoding_in_frame : report_decoding;
  const UnitState state = report(walk.report, decoded, {.from = walk.at, .to = to}, "zstd.frame", "the frame");
  if (state == UnitState::not_decoded) walk.budget_bytes = 0;
  if (state == UnitState::proven) ++walk.proven;
  return state;
}

Next check_frame(Walk& walk, const FrameHeader& header) {
  const std::optional<std::uint64_t> end = follow_blocks(walk, header);
  if (!end && walk.report.shape == Shape::broken) return Next::stop;
  const std::uint64_t to = end.value_or(walk.input.size_bytes());
  if (walk.budget_bytes > 0)
    (void)prove_frame(walk, to, end ? FrameEnd::followed : FrameEnd::unknown);
  else
    walk.report.region(walk.at, to, RegionKind::compressed);
  if (!end) return Next::stop;
  walk.at = *end;
  ++walk.frames;
  return Next::frame;
}

Next check_skippable(Walk& walk) {
  const std::uint64_t data_bytes = walk.input.at(walk.at + 4, 4).le32(0);
  const std::uint64_t left = walk.input.size_bytes() - walk.at;
  if (left < 8 || data_bytes > left - 8) {
    walk.report.breaks("zstd.skippable",
                       fmt::format("a skippable frame of {} bytes at byte {} goes beyond the end", data_bytes, walk.at),
                       {.from = walk.at, .to = walk.input.size_bytes()});
    return Next::stop;
  }
  walk.report.region(walk.at, walk.at + 8, RegionKind::structured);
  walk.at += 8 + data_bytes;
  return Next::frame;
}

WalkReport walk_legacy(WalkInput& input, WalkReport report) {
  report.region(0, input.size_bytes(), RegionKind::compressed);
  report.remarks("zstd.legacy", "a frame of a format version before 0.8: nothing behind its magic number is checked");
  return report;
}

void conclude(Walk& walk) {
  WalkReport& report = walk.report;
  report.end_bytes = walk.at;
  const bool all = walk.frames > 0 && walk.proven == walk.frames;
  report.reach = all ? Reach::content : walk.decoded_bytes > 0 ? Reach::sampled : Reach::frame;
  if (all && report.shape == Shape::whole) walk.dump.tell("zstd", walk.input.size_bytes(), report);
  if (report.shape != Shape::whole) return;
  report.holds("zstd.blocks", fmt::format("frames: {}, blocks: {}, to byte {}; {} frames decode, {} bytes", walk.frames,
                                          walk.blocks, walk.at, walk.proven, walk.decoded_bytes));
}

WalkReport walk_frames(WalkInput& input) {
  WalkReport report;
  const std::uint32_t magic = input.head().le32(0);
  if (magic != k_frame_magic && !is_skippable(magic) && !is_legacy(magic)) return report;
  report.shape = Shape::whole;
  if (is_legacy(magic)) return walk_legacy(input, std::move(report));
  Walk walk{.input = input, .report = report, .budget_bytes = dump_budget_bytes(input, Codec::zstd, DecodeSpeed::fast)};
  while (walk.at < input.size_bytes()) {
    if (!input.may_continue()) {
      report.remarks("zstd.limit", fmt::format("stopped by a limit at byte {}", walk.at));
      return report;
    }
    const std::uint32_t next_magic = input.at(walk.at, 4).le32(0);
    if (is_skippable(next_magic)) {
      if (check_skippable(walk) == Next::stop) return report;
      continue;
    }
    if (next_magic != k_frame_magic) break;
    const std::optional<FrameHeader> header = parse_frame_header(input.at(walk.at, k_header_bytes_max));
    if (!header) {
      report.breaks("zstd.header", fmt::format("the frame header at byte {} does not hold", walk.at),
                    {.from = walk.at, .to = std::min(input.size_bytes(), walk.at + k_header_bytes_max)});
      return report;
    }
    if (check_frame(walk, *header) == Next::stop) {
      if (report.shape != Shape::whole) return report;
      report.reach = walk.decoded_bytes > 0 ? Reach::sampled : Reach::opening;
      report.holds("zstd.sample", fmt::format("blocks: {}, {} bytes decode; the rest was not looked at", walk.blocks,
                                              walk.decoded_bytes));
      return report;
    }
  }
  conclude(walk);
  return report;
}

}  // namespace

const Format k_zstd_format = {.id = "zstd",
                              .title = "Zstandard compressed data",
                              .family = Family::archive,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk_frames};

}  // namespace lastgood::formats
