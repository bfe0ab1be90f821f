// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/tiff/tiff_strips.h"

#include <algorithm>

#include <fmt/format.h>

#include "formats/codec/deflate.h"
#include "formats/codec/jpeg_stream.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint64_t k_blocks_max = 1U << 20U;
constexpr std::uint64_t k_decoded_bytes_max = 1ULL << 32U;

/// TIFF 6.0 section 8 and the numbers registered since.
enum class Compression : std::uint8_t { none, deflate, jpeg, pack_bits, other };

Compression find_compression(std::uint64_t number) {
  switch (number) {
    case 1: return Compression::none;
    case 8:
    case 32946: return Compression::deflate;
    case 7:
    case 34892: return Compression::jpeg;
    case 32773: return Compression::pack_bits;
    default: return Compression::other;
  }
}

std::uint64_t first_value(WalkInput& input, const TiffDirectory& directory, const TiffWriting& writing,
                          std::uint32_t tag, std::uint64_t otherwise) {
  for (const TiffEntry& entry : directory.entries) {
    if (entry.tag != tag) continue;
    const std::vector<std::uint64_t> values = read_tiff_values(input, entry, writing, 1);
    return values.empty() ? otherwise : values[0];
  }
  return otherwise;
}

std::vector<std::uint64_t> all_values(WalkInput& input, const TiffDirectory& directory, const TiffWriting& writing,
                                      std::uint32_t tag) {
  for (const TiffEntry& entry : directory.entries) {
    if (entry.tag == tag) return read_tiff_values(input, entry, writing, k_blocks_max);
  }
  return {};
}

enum class Decoding : std::uint8_t { complete, failed, skipped };

/// Bytes of one strip or tile of uncompressed or PackBits pixels are not random by nature: statistics judge those.
Decoding decode_block(WalkInput& input, const model::ByteRange& range, Compression compression, WalkReport& report) {
  const bool all = input.depth() == model::Depth::full || !input.whole().empty();
  if (!all || range.length() == 0) return Decoding::skipped;
  if (compression == Compression::deflate) {
    const Decoded decoded = decode_deflate(input, range.from, range.to, DeflateFrame::zlib, k_decoded_bytes_max);
    if (decoded.end == DecodeEnd::stopped) return Decoding::skipped;
    return decoded.end == DecodeEnd::complete ? Decoding::complete : Decoding::failed;
  }
  if (compression == Compression::jpeg && begins_jpeg_stream(input.at(range.from, 4))) {
    WalkReport inner;
    const JpegEffort effort = input.depth() == model::Depth::full ? JpegEffort::decoded : JpegEffort::bytes;
    const JpegStream stream = walk_jpeg_stream(input, range.from, range.to, effort, inner);
    for (const model::Finding& finding : inner.findings) {
      if (finding.weight == model::Weight::contradicts) report.breaks(finding.rule, finding.sentence, finding.range);
    }
    return stream.is_decoded && stream.is_closed ? Decoding::complete : Decoding::skipped;
  }
  return Decoding::skipped;
}

}  // namespace

TiffStrips check_tiff_strips(WalkInput& input, const TiffDirectory& directory, const TiffWriting& writing,
                             WalkReport& report) {
  TiffStrips result;
  constexpr std::uint32_t k_strip_offsets = 273;
  constexpr std::uint32_t k_strip_bytes = 279;
  constexpr std::uint32_t k_tile_offsets = 324;
  constexpr std::uint32_t k_tile_bytes = 325;
  constexpr std::uint32_t k_jpeg_offset = 513;
  constexpr std::uint32_t k_jpeg_bytes = 514;
  const std::uint64_t number = first_value(input, directory, writing, 259, 1);
  const Compression compression = find_compression(number);
  const bool tiled = !all_values(input, directory, writing, k_tile_offsets).empty();
  const std::vector<std::uint64_t> offsets =
      all_values(input, directory, writing, tiled ? k_tile_offsets : k_strip_offsets);
  const std::vector<std::uint64_t> lengths =
      all_values(input, directory, writing, tiled ? k_tile_bytes : k_strip_bytes);
  const std::uint64_t size = input.size_bytes();
  const RegionKind raw_kind = compression == Compression::none || compression == Compression::pack_bits
                                  ? RegionKind::plain
                                  : RegionKind::compressed;
  for (std::size_t i = 0; i < offsets.size() && input.may_continue(); ++i) {
    const std::uint64_t from = offsets[i];
    const std::uint64_t length = i < lengths.size() ? lengths[i] : 0;
    if (from == 0 || length == 0) continue;  // a sparse picture's empty tile
    ++result.count;
    if (from > size || length > size - from) {
      report.breaks(
          "tiff.cut",
          fmt::format("block {} of the picture described at byte {} lies at byte {}, {} bytes long; the content has {}",
                      i + 1, directory.from, from, length, size),
          {.from = size, .to = size});
      continue;
    }
    TiffBlock block{.range = {.from = from, .to = from + length}, .kind = raw_kind};
    bool is_foreign = false;
    const Decoding decoding = decode_block(input, block.range, compression, report);
    if (decoding == Decoding::failed) {
      // RFC 1950, 2.2: a stream that lost even its header was overwritten from its beginning.
      const ByteView head = input.at(from, 2);
      if (head.be16(0) % 31 != 0 || (head.u8(0) & 15U) != 8) is_foreign = true;
      report.breaks("tiff.decode",
                    fmt::format("block {} of the picture described at byte {} does not decode", i + 1, directory.from),
                    block.range);
    }
    if (decoding == Decoding::complete) {
      ++result.decoded;
      block.kind = RegionKind::verified;
    }
    if (!is_foreign) result.blocks.push_back(block);
  }
  const std::uint64_t preview_from = first_value(input, directory, writing, k_jpeg_offset, 0);
  const std::uint64_t preview_bytes = first_value(input, directory, writing, k_jpeg_bytes, 0);
  if (preview_from != 0 && preview_from <= size && preview_bytes <= size - preview_from) {
    result.blocks.push_back(
        {.range = {.from = preview_from, .to = preview_from + preview_bytes}, .kind = RegionKind::compressed});
  }
  return result;
}

}  // namespace lastgood::formats
