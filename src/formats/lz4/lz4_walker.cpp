// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// LZ4. Specification: LZ4 Frame Format Description 1.6.2 (with the legacy frame).
//
//   file      = (frame | skippable | legacy)+
//   frame     = 04 22 4D 18 flags(1) block-maximum(1) [content-size(8)] [dictionary-id(4)] header-check(1)
//               (size(4) data [xxh32(4)])* 00000000 [xxh32(4)]               size's top bit: stored, not compressed
//   skippable = 5x 2A 4D 18 size(4) data
//   legacy    = 02 21 4C 18 (size(4) data)*                                  to the end or the next magic number
#include "formats/lz4/lz4_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>
#include <xxhash.h>

#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"lz4", Promise::firm}, NameClaim{"tlz4", Promise::firm}};
constexpr std::uint32_t k_frame_magic = 0x184D2204;
constexpr std::uint32_t k_legacy_magic = 0x184C2102;
constexpr std::uint32_t k_skippable_magic = 0x184D2A50;
constexpr std::uint64_t k_header_bytes_max = 19;
constexpr std::uint64_t k_legacy_block_bytes_max = 8 * 1024 * 1024 + 8 * 1024 * 1024 / 255 + 16;
constexpr std::uint64_t k_named_after_break_bytes = 64 * 1024;

bool is_skippable(std::uint32_t magic) { return (magic & 0xFFFFFFF0U) == k_skippable_magic; }

struct FrameHeader {
  std::uint64_t length_bytes = 0;
  std::uint64_t block_bytes_max = 0;
  std::uint64_t block_check_bytes = 0;
  std::uint64_t content_check_bytes = 0;
};

/// Empty: no frame header, or its check byte does not fit.
std::optional<FrameHeader> parse_frame_header(ByteView bytes) {
  const std::uint8_t flags = bytes.u8(4);
  const std::uint8_t maximum = bytes.u8(5);
  const bool version = (flags >> 6) == 1 && (flags & 2U) == 0 && (maximum & 0x8FU) == 0;
  const unsigned maximum_id = maximum >> 4;
  if (bytes.le32(0) != k_frame_magic || !version || maximum_id < 4) return std::nullopt;
  FrameHeader header{.length_bytes = 7};
  if ((flags & 8U) != 0) header.length_bytes += 8;
  if ((flags & 1U) != 0) header.length_bytes += 4;
  if (!bytes.has(0, header.length_bytes)) return std::nullopt;
  const ByteView described = bytes.part(4, header.length_bytes - 5);
  const std::uint32_t check = (XXH32(described.span().data(), described.size(), 0) >> 8) & 0xFFU;
  if (bytes.u8(header.length_bytes - 1) != check) return std::nullopt;
  header.block_bytes_max = std::uint64_t{1} << (8 + 2 * maximum_id);
  header.block_check_bytes = (flags & 0x10U) != 0 ? 4 : 0;
  header.content_check_bytes = (flags & 4U) != 0 ? 4 : 0;
  return header;
}

Likeness recognise(const Edges& edges) {
  const std::uint32_t magic = edges.head.le32(0);
  if (magic == k_legacy_magic) {
    const std::uint64_t block_bytes = edges.head.le32(4);
    return block_bytes > 0 && block_bytes <= k_legacy_block_bytes_max ? Likeness::strong : Likeness::none;
  }
  return parse_frame_header(edges.head.part(0, k_header_bytes_max)) ? Likeness::strong : Likeness::none;
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
};

enum class Next : std::uint8_t { frame, stop };

void name_bad_block(Walk& walk, std::uint64_t at) {
  walk.report.breaks("lz4.block", fmt::format("no block size that fits at byte {}, after {} blocks", at, walk.blocks),
                     {.from = at, .to = std::min(walk.input.size_bytes(), at + k_named_after_break_bytes)});
}

/// Follows the blocks' sizes. Gives the frame's end; empty when a size does not fit or the walk stops.
std::optional<std::uint64_t> follow_blocks(Walk& walk, const FrameHeader& header) {
  std::uint64_t at = walk.at + header.length_bytes;
  const std::uint64_t size = walk.input.size_bytes();
  while (walk.input.may_continue()) {
    const ByteView bytes = walk.input.at(at, 4);
    const std::uint64_t stored_bytes = bytes.le32(0) & 0x7FFFFFFFU;
    const bool last = bytes.le32(0) == 0;
    const std::uint64_t next = at + 4 + (last ? header.content_check_bytes : stored_bytes + header.block_check_bytes);
    if (bytes.size() < 4 || stored_bytes > header.block_bytes_max || next > size) {
      name_bad_block(walk, at);
      return std::nullopt;
    }
    at = next;
    if (last) return at;
    ++walk.blocks;
  }
  return std::nullopt;
}

Next check_frame(Walk& walk) {
  const std::optional<FrameHeader> header = parse_frame_header(walk.input.at(walk.at, k_header_bytes_max));
  if (!header) {
    walk.report.breaks("lz4.header", fmt::format("the frame header at byte {} does not hold", walk.at),
                       {.from = walk.at, .to = std::min(walk.input.size_bytes(), walk.at + k_header_bytes_max)});
    return Next::stop;
  }
  const std::optional<std::uint64_t> end = follow_blocks(walk, *header);
  if (!end) return Next::stop;
  if (walk.budget_bytes == 0) {
    walk.report.region(walk.at, *end, RegionKind::compressed);
  } else {
    const Decoded decoded = decode_stream(walk.input, walk.at, *end, Codec::lz4, walk.budget_bytes);
    walk.budget_bytes -= std::min(walk.budget_bytes, decoded.produced_bytes);
    walk.decoded_bytes += decoded.produced_bytes;
    const UnitState state =
        report_decoding(walk.report, decoded, {.from = walk.at, .to = *end}, "lz4.frame", "the frame");
    if (state == UnitState::proven) ++walk.proven;
    if (state == UnitState::not_decoded) walk.budget_bytes = 0;
  }
  walk.at = *end;
  ++walk.frames;
  return Next::frame;
}

/// Legacy blocks go on until the content ends or another frame begins.
Next check_legacy(Walk& walk) {
  const std::uint64_t from = walk.at;
  const std::uint64_t size = walk.input.size_bytes();
  walk.at += 4;
  while (walk.at < size) {
    if (!walk.input.may_continue()) return Next::stop;
    const ByteView bytes = walk.input.at(walk.at, 4);
    const std::uint32_t word = bytes.le32(0);
    if (word == k_frame_magic || word == k_legacy_magic || is_skippable(word)) break;
    // Linux appends the decoded size to a kernel image: four bytes that are the last ones.
    if (size - walk.at == 4 && walk.blocks > 0) {
      walk.at += 4;
      break;
    }
    if (word == 0 || word > k_legacy_block_bytes_max || word > size - walk.at - 4 || size - walk.at < 4) {
      name_bad_block(walk, walk.at);
      return Next::stop;
    }
    walk.at += 4 + std::uint64_t{word};
    ++walk.blocks;
  }
  walk.report.region(from, walk.at, RegionKind::compressed);
  ++walk.frames;
  return Next::frame;
}

Next check_skippable(Walk& walk) {
  const std::uint64_t left = walk.input.size_bytes() - walk.at;
  const std::uint64_t data_bytes = walk.input.at(walk.at + 4, 4).le32(0);
  if (left < 8 || data_bytes > left - 8) {
    name_bad_block(walk, walk.at);
    return Next::stop;
  }
  walk.report.region(walk.at, walk.at + 8, RegionKind::structured);
  walk.at += 8 + data_bytes;
  return Next::frame;
}

void conclude(Walk& walk) {
  WalkReport& report = walk.report;
  report.end_bytes = walk.at;
  report.reach = walk.proven == walk.frames ? Reach::content : walk.decoded_bytes > 0 ? Reach::sampled : Reach::frame;
  if (report.shape != Shape::whole) return;
  report.holds("lz4.blocks", fmt::format("frames: {}, blocks: {}, to byte {}; {} frames decode, {} bytes", walk.frames,
                                         walk.blocks, walk.at, walk.proven, walk.decoded_bytes));
}

WalkReport walk_frames(WalkInput& input) {
  WalkReport report;
  const std::uint32_t first = input.head().le32(0);
  if (first != k_frame_magic && first != k_legacy_magic) return report;
  report.shape = Shape::whole;
  Walk walk{.input = input, .report = report, .budget_bytes = decode_budget_bytes(input, DecodeSpeed::fast)};
  while (walk.at < input.size_bytes() && input.may_continue()) {
    const std::uint32_t magic = input.at(walk.at, 4).le32(0);
    Next next = Next::stop;
    if (magic == k_frame_magic)
      next = check_frame(walk);
    else if (magic == k_legacy_magic)
      next = check_legacy(walk);
    else if (is_skippable(magic))
      next = check_skippable(walk);
    else
      break;
    if (next == Next::stop) break;
  }
  if (input.stopped()) {
    report.remarks("lz4.limit", fmt::format("stopped by a limit after {} blocks", walk.blocks));
  } else if (report.shape == Shape::whole || walk.frames > 0) {
    conclude(walk);
  }
  return report;
}

}  // namespace

const Format k_lz4_format = {.id = "lz4",
                             .title = "LZ4 compressed data",
                             .family = Family::archive,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk_frames};

}  // namespace lastgood::formats
