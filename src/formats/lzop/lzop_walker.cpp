// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// lzop. There is no specification; the layout is told by lzop 1.04.
//
//   file   = part+
//   part   = 89 "LZO" 00 0D 0A 1A 0A header block* 00000000                                   big endian
//   header = version(2) library(2) [needed(2)] method(1) [level(1)] flags(4) [filter(4)] mode(4) mtime(4)
//   [mtime-high(4)]
//            name-length(1) name checksum(4)   [extra: length(4) data checksum(4)]       in brackets: from version 0940
//   block  = decoded(4) stored(4) [adler32(4)] [crc32(4)] of decoded, the same of stored when it is shorter, data
//
// The data is LZO, for which there is no decoder here: sizes and the checksums of stored bytes are the checks.
#include "formats/lzop/lzop_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"lzo", Promise::firm}, NameClaim{"tzo", Promise::firm}};
constexpr std::string_view k_magic = "\x89LZO\0\r\n\x1a\n"sv;
constexpr std::uint32_t k_block_bytes_max = 64 * 1024 * 1024;
constexpr std::uint64_t k_named_after_break_bytes = 64 * 1024;
constexpr std::uint64_t k_header_bytes_max = 512;

enum Flag : std::uint32_t {
  decoded_adler = 0x1,
  stored_adler = 0x2,
  extra_field = 0x40,
  decoded_crc = 0x100,
  stored_crc = 0x200,
  filtered = 0x800,
  header_crc = 0x1000,
};

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

struct Part {
  std::uint64_t header_bytes = 0;
  std::uint32_t flags = 0;
};

/// Empty: the header's checksum does not fit.
std::optional<Part> parse_part(ByteView bytes) {
  std::uint64_t at = k_magic.size();
  const std::uint16_t version = bytes.be16(at);
  const bool later = version >= 0x0940;
  at += later ? 8 : 5;
  Part part{.flags = bytes.be32(at)};
  at += 4;
  if ((part.flags & Flag::filtered) != 0) at += 4;
  at += later ? 12 : 8;
  at += 1 + std::uint64_t{bytes.u8(at)};
  const ByteView covered = bytes.part(k_magic.size(), at - k_magic.size());
  const bool crc = (part.flags & Flag::header_crc) != 0;
  const std::uint32_t sum = crc ? base::crc32(covered) : base::adler32(covered);
  if (!bytes.matches(0, k_magic) || !bytes.has(at, 4) || bytes.be32(at) != sum) return std::nullopt;
  at += 4;
  if ((part.flags & Flag::extra_field) != 0) at += 8 + std::uint64_t{bytes.be32(at)};
  part.header_bytes = at;
  return part;
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  std::uint64_t at = 0;
  std::uint64_t parts = 0;
  std::uint64_t blocks = 0;
  std::uint64_t summed = 0;
};

struct Block {
  std::uint64_t header_bytes = 0;
  std::uint64_t stored_bytes = 0;
  std::optional<std::uint32_t> adler;  // of the bytes as they are stored
  std::optional<std::uint32_t> crc;
};

std::optional<Block> parse_block(ByteView bytes, std::uint32_t flags) {
  const std::uint32_t decoded_bytes = bytes.be32(0);
  const std::uint32_t stored_bytes = bytes.be32(4);
  if (decoded_bytes > k_block_bytes_max || stored_bytes > decoded_bytes || stored_bytes == 0) return std::nullopt;
  Block block{.header_bytes = 8, .stored_bytes = stored_bytes};
  const bool plain = stored_bytes == decoded_bytes;
  for (const Flag flag : {Flag::decoded_adler, Flag::decoded_crc, Flag::stored_adler, Flag::stored_crc}) {
    const bool about_stored = flag == Flag::stored_adler || flag == Flag::stored_crc;
    if ((flags & flag) == 0 || (about_stored && plain)) continue;
    const bool adler = flag == Flag::decoded_adler || flag == Flag::stored_adler;
    if (about_stored || plain) (adler ? block.adler : block.crc) = bytes.be32(block.header_bytes);
    block.header_bytes += 4;
  }
  return bytes.has(0, block.header_bytes) ? std::optional(block) : std::nullopt;
}

bool sums_fit(WalkInput& input, const Block& block, std::uint64_t from) {
  std::uint32_t adler = 1;
  std::uint32_t crc = 0;
  const std::uint64_t to = from + block.stored_bytes;
  while (from < to) {
    const ByteView piece = input.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(to - from, 256 * 1024)));
    if (piece.empty()) break;
    if (block.adler) adler = base::adler32(piece, adler);
    if (block.crc) crc = base::crc32(piece, crc);
    from += piece.size();
  }
  return block.adler.value_or(adler) == adler && block.crc.value_or(crc) == crc;
}

void check_data(Walk& walk, const Block& block, std::uint64_t from) {
  const std::uint64_t to = from + block.stored_bytes;
  const bool affordable = walk.input.depth() == Depth::full || !walk.input.whole().empty();
  if (!affordable || (!block.adler && !block.crc)) {
    walk.report.region(from, to, RegionKind::compressed);
    return;
  }
  ++walk.summed;
  if (sums_fit(walk.input, block, from)) {
    walk.report.region(from, to, RegionKind::verified);
  } else if (!walk.input.stopped()) {
    walk.report.breaks("lzop.checksum", fmt::format("the checksum of the block at byte {} does not fit", from),
                       {.from = from, .to = to});
  }
}

enum class Next : std::uint8_t { part, stop };

Next check_part(Walk& walk) {
  const std::uint64_t size = walk.input.size_bytes();
  const auto breaks_here = [&](std::string_view rule, std::string_view what) {
    walk.report.breaks(rule, fmt::format("{} at byte {}, after {} blocks", what, walk.at, walk.blocks),
                       {.from = walk.at, .to = std::min(size, walk.at + k_named_after_break_bytes)});
    return Next::stop;
  };
  const std::optional<Part> part = parse_part(walk.input.at(walk.at, k_header_bytes_max));
  if (!part || part->header_bytes > size - walk.at)
    return breaks_here("lzop.header", "no header with fitting checksum");
  walk.report.region(walk.at, walk.at + part->header_bytes, RegionKind::structured);
  walk.at += part->header_bytes;
  while (walk.input.may_continue()) {
    const ByteView bytes = walk.input.at(walk.at, 24);
    if (bytes.has(0, 4) && bytes.be32(0) == 0) {
      walk.at += 4;
      ++walk.parts;
      return Next::part;
    }
    const std::optional<Block> block = parse_block(bytes, part->flags);
    if (!block) return breaks_here(bytes.size() < 24 ? "lzop.cut" : "lzop.block", "no block that fits");
    if (block->header_bytes + block->stored_bytes > size - walk.at)
      return breaks_here("lzop.cut", "a block that ends behind the content");
    walk.report.region(walk.at, walk.at + block->header_bytes, RegionKind::structured);
    check_data(walk, *block, walk.at + block->header_bytes);
    walk.at += block->header_bytes + block->stored_bytes;
    ++walk.blocks;
  }
  return Next::stop;
}

WalkReport walk_parts(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0, k_magic)) return report;
  report.shape = Shape::whole;
  Walk walk{.input = input, .report = report};
  while (walk.at < input.size_bytes() && input.at(walk.at, k_magic.size()).matches(0, k_magic)) {
    if (check_part(walk) == Next::part) continue;
    if (input.stopped()) report.remarks("lzop.limit", fmt::format("stopped by a limit after {} blocks", walk.blocks));
    return report;
  }
  report.end_bytes = walk.at;
  const std::uint64_t zeros = zero_run_bytes(input, walk.at);
  if (walk.at + zeros == input.size_bytes()) report.allowed_trailing_bytes = zeros;
  report.reach = walk.summed > 0 && walk.summed == walk.blocks ? Reach::content
                 : walk.summed > 0                             ? Reach::sampled
                                                               : Reach::frame;
  if (report.shape != Shape::whole) return report;
  report.holds("lzop.blocks",
               fmt::format("{} blocks tile the content to byte {}, {} with a checksum of their stored bytes",
                           walk.blocks, walk.at, walk.summed));
  return report;
}

}  // namespace

const Format k_lzop_format = {.id = "lzop",
                              .title = "lzop compressed data",
                              .family = Family::archive,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk_parts};

}  // namespace lastgood::formats
