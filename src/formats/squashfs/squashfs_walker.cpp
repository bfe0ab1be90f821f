// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SquashFS 4.0. Specification: Linux Documentation/filesystems/squashfs.rst, section 2.
//
//   image      = superblock(96, little endian) [compressor options] data-blocks fragments
//                inode-table directory-table [fragment-table] [export-table] id-table [xattr-table] pad to 4096
//   inode- and directory-table = metadata-block*
//   metadata-block = length(2; top bit: stored) data       8192 bytes decoded, the last one of a table may be less
//   other tables: metadata blocks, then their offsets (8 each); the superblock points at the offsets
//
// The data blocks' sizes stand in the inodes: data is `compressed`, the tables are followed block by block.
#include "formats/squashfs/squashfs_walker.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"squashfs", Promise::firm}, NameClaim{"sqfs", Promise::firm},
                                 NameClaim{"sfs", Promise::loose}, NameClaim{"snap", Promise::loose},
                                 NameClaim{"sqsh", Promise::loose}};
constexpr std::uint64_t k_superblock_bytes = 96;
constexpr std::uint64_t k_metadata_bytes = 8192;
constexpr std::uint64_t k_absent = UINT64_MAX;
constexpr std::uint64_t k_padding_bytes_max = 1024 * 1024;
constexpr std::uint64_t k_named_after_break_bytes = 64 * 1024;

enum class Compressor : std::uint8_t { zlib = 1, lzma = 2, lzo = 3, xz = 4, lz4 = 5, zstd = 6 };

struct Superblock {
  std::uint32_t inodes = 0;
  std::uint32_t fragments = 0;
  std::uint32_t ids = 0;
  Compressor compressor = Compressor::zlib;
  std::uint64_t used_bytes = 0;
  std::uint64_t id_table = 0;
  std::uint64_t inode_table = 0;
  std::uint64_t directory_table = 0;
  std::uint64_t fragment_table = k_absent;
  std::uint64_t export_table = k_absent;
};

bool is_old(ByteView head) { return head.matches(0, "sqsh"sv) || (head.matches(0, "hsqs"sv) && head.le16(28) < 4); }

bool begins_image(ByteView head) {
  const std::uint32_t block_bytes = head.le32(12);
  const bool block = std::has_single_bit(block_bytes) && block_bytes >= 4096 && block_bytes <= 1024 * 1024 &&
                     (std::uint32_t{1} << (head.le16(22) & 31U)) == block_bytes;
  return head.has(0, k_superblock_bytes) && head.matches(0, "hsqs"sv) && head.le16(28) == 4 && head.le16(30) == 0 &&
         block;
}

Likeness recognise(const Edges& edges) {
  if (begins_image(edges.head)) return Likeness::strong;
  const bool old = is_old(edges.head) && (edges.head.le16(28) <= 3 || edges.head.be16(28) <= 3);
  return old ? Likeness::weak : Likeness::none;
}

/// Empty: the tables do not lie in their order inside the image.
std::optional<Superblock> parse_superblock(ByteView head) {
  const std::uint16_t compressor = head.le16(20);
  Superblock block{.inodes = head.le32(4),
                   .fragments = head.le32(16),
                   .ids = head.le16(26),
                   .used_bytes = head.le64(40),
                   .id_table = head.le64(48),
                   .inode_table = head.le64(64),
                   .directory_table = head.le64(72),
                   .fragment_table = head.le64(80),
                   .export_table = head.le64(88)};
  if (compressor < 1 || compressor > 6 || block.ids == 0) return std::nullopt;
  block.compressor = static_cast<Compressor>(compressor);
  const bool order = k_superblock_bytes <= block.inode_table && block.inode_table < block.directory_table &&
                     block.directory_table < block.id_table && block.id_table < block.used_bytes;
  const auto behind_directories = [&](std::uint64_t table) {
    return table == k_absent || (table > block.directory_table && table < block.used_bytes);
  };
  if (!order || !behind_directories(block.fragment_table) || !behind_directories(block.export_table))
    return std::nullopt;
  return block;
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  const Superblock& super;
  std::uint64_t blocks = 0;
  std::uint64_t decoded = 0;
};

std::optional<Codec> stream_codec(Compressor compressor) {
  switch (compressor) {
    case Compressor::xz: return Codec::xz;
    case Compressor::lzma: return Codec::lzma;
    case Compressor::zstd: return Codec::zstd;
    case Compressor::zlib:
    case Compressor::lzo:
    case Compressor::lz4: return std::nullopt;
  }
  return std::nullopt;
}

/// LZO and LZ4 without its frame are not decoded here.
UnitState decode_metadata(Walk& walk, std::uint64_t from, std::uint64_t to) {
  const std::optional<Codec> codec = stream_codec(walk.super.compressor);
  if (!codec && walk.super.compressor != Compressor::zlib) return UnitState::not_decoded;
  const Decoded decoded = codec ? decode_stream(walk.input, from, to, *codec, 2 * k_metadata_bytes)
                                : decode_deflate(walk.input, from, to, DeflateFrame::zlib, 2 * k_metadata_bytes);
  if (decoded.end == DecodeEnd::stopped && decoded.produced_bytes <= k_metadata_bytes) return UnitState::not_decoded;
  ++walk.decoded;
  const bool holds = decoded.end == DecodeEnd::complete && decoded.produced_bytes <= k_metadata_bytes;
  return holds ? UnitState::proven : UnitState::broken;
}

enum class Payload : std::uint8_t { decode, leave };

/// Follows metadata blocks from `from`: one must end exactly at `to`.
void follow_metadata(Walk& walk, std::uint64_t from, std::uint64_t to, std::string_view table, Payload payload) {
  std::uint64_t at = from;
  while (at < to && walk.input.may_continue()) {
    const std::uint16_t word = walk.input.at(at, 2).le16(0);
    const std::uint64_t stored_bytes = word & 0x7FFFU;
    const bool compressed = (word & 0x8000U) == 0;
    const std::uint64_t next = at + 2 + stored_bytes;
    const bool length = stored_bytes > 0 && stored_bytes <= k_metadata_bytes && next <= to;
    UnitState state = length ? UnitState::not_decoded : UnitState::broken;
    if (length && compressed && payload == Payload::decode) state = decode_metadata(walk, at + 2, next);
    if (walk.input.stopped()) return;
    if (state == UnitState::broken) {
      walk.report.breaks("squashfs.metadata",
                         fmt::format("no metadata block that holds at byte {} of the {} table", at, table),
                         {.from = at, .to = std::min(to, at + k_named_after_break_bytes)});
      return;
    }
    walk.report.region(at, at + 2, RegionKind::structured);
    walk.report.region(at + 2, next, state == UnitState::proven ? RegionKind::verified : RegionKind::compressed);
    at = next;
    ++walk.blocks;
  }
}

/// First metadata block of a table of offsets, which must be ascending and lie before the table. Gives `table` when
/// bad.
std::uint64_t check_offsets(Walk& walk, std::uint64_t table, std::uint64_t entries, std::uint64_t entries_per_block,
                            std::string_view name) {
  const std::uint64_t count = (entries + entries_per_block - 1) / entries_per_block;
  std::uint64_t first = table;
  std::uint64_t before = walk.super.directory_table;
  for (std::uint64_t i = 0; i < count && walk.input.may_continue(); ++i) {
    const ByteView bytes = walk.input.at(table + 8 * i, 8);
    const std::uint64_t offset = bytes.le64(0);
    if (bytes.size() < 8 || offset <= before || offset >= table) {
      walk.report.breaks("squashfs.table",
                         fmt::format("entry {} of the {} table at byte {} points at byte {}", i, name, table, offset),
                         {.from = table, .to = std::min(walk.input.size_bytes(), table + 8 * count)});
      return table;
    }
    if (i == 0) first = offset;
    before = offset;
  }
  return first;
}

void check_tables(Walk& walk) {
  const Superblock& super = walk.super;
  std::uint64_t directories_end = check_offsets(walk, super.id_table, super.ids, k_metadata_bytes / 4, "id");
  if (super.fragment_table != k_absent && super.fragments > 0) {
    directories_end = std::min(
        directories_end, check_offsets(walk, super.fragment_table, super.fragments, k_metadata_bytes / 16, "fragment"));
  }
  if (super.export_table != k_absent) {
    directories_end = std::min(directories_end,
                               check_offsets(walk, super.export_table, super.inodes, k_metadata_bytes / 8, "export"));
  }
  if (walk.report.shape != Shape::whole || walk.input.depth() == Depth::quick) return;
  const bool all = walk.input.depth() == Depth::full || !walk.input.whole().empty();
  const Payload payload = all ? Payload::decode : Payload::leave;
  walk.report.region(k_superblock_bytes, super.inode_table, RegionKind::compressed);
  follow_metadata(walk, super.inode_table, super.directory_table, "inode", payload);
  follow_metadata(walk, super.directory_table, directories_end, "directory", payload);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  const ByteView head = input.head();
  if (is_old(head) && recognise({.head = head}) == Likeness::weak) {
    report.shape = Shape::whole;
    report.region(0, size, RegionKind::compressed);
    report.remarks("squashfs.old", "a version before 4.0: nothing behind its magic number is checked");
    return report;
  }
  if (!begins_image(head)) return report;
  report.shape = Shape::whole;
  report.region(0, k_superblock_bytes, RegionKind::structured);
  const std::optional<Superblock> super = parse_superblock(head);
  if (!super) {
    report.breaks("squashfs.superblock", "the superblock's tables do not lie in their order",
                  {.from = 0, .to = k_superblock_bytes});
    return report;
  }
  if (super->used_bytes > size) {
    report.breaks("squashfs.length", fmt::format("the image has {} bytes, the content {}", super->used_bytes, size),
                  {.from = size - 1, .to = size});
    return report;
  }
  Walk walk{.input = input, .report = report, .super = *super};
  check_tables(walk);
  if (input.stopped()) {
    report.remarks("squashfs.limit", fmt::format("stopped by a limit after {} metadata blocks", walk.blocks));
    return report;
  }
  report.end_bytes = super->used_bytes;
  const std::uint64_t zeros = zero_run_bytes(input, super->used_bytes, k_padding_bytes_max);
  if (super->used_bytes + zeros == size) report.allowed_trailing_bytes = zeros;
  report.reach = walk.decoded > 0 ? Reach::sampled : Reach::frame;
  if (report.shape != Shape::whole) return report;
  report.holds("squashfs.tables", fmt::format("tables of {} inodes hold in {} bytes: {} metadata blocks, {} decoded",
                                              super->inodes, super->used_bytes, walk.blocks, walk.decoded));
  return report;
}

}  // namespace

const Format k_squashfs_format = {.id = "squashfs",
                                  .title = "SquashFS image",
                                  .family = Family::disk,
                                  .claims = k_claims,
                                  .recognise = recognise,
                                  .walk = walk};

}  // namespace lastgood::formats
