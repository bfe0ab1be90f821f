// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Web fonts. Specifications: WOFF File Format 1.0 and 2.0 (W3C), sections "Overall File Structure", "Table Directory".
//
//   woff   = "wOFF" flavour(4) length(4) count(2) 0(2) unpacked size(4) version(4)
//            metadata at(4) length(4) unpacked(4) private at(4) length(4), then entry[count] and tables
//   entry  = tag(4) offset(4) packed length(4) length(4) checksum(4); shorter when packed: zlib
//   woff2  = "wOF2", as above with packed size(4) behind the unpacked size; directory of variable length; all tables
//            together are one Brotli stream; metadata and private data follow, padded to four
//   Length is the file's own size.
#include "formats/woff/woff_walker.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::ByteRange;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"woff", Promise::firm}, NameClaim{"woff2", Promise::firm}};
constexpr std::uint64_t k_header_bytes = 44;
constexpr std::uint64_t k_header2_bytes = 48;
constexpr std::uint64_t k_entry_bytes = 20;
constexpr std::uint64_t k_unpacked_bytes_max = 256ULL * 1024 * 1024;

bool is_woff2(ByteView head) { return head.matches(0, "wOF2"); }

Likeness recognise(const Edges& edges) {
  return edges.head.matches(0, "wOFF") || is_woff2(edges.head) ? Likeness::strong : Likeness::none;
}

std::uint64_t padded(std::uint64_t value) { return (value + 3) / 4 * 4; }

/// Metadata and private data: inside the file, or absent. Moves `end` behind them.
bool blocks_fit(WalkInput& input, std::uint64_t fields_at, std::uint64_t& end, WalkReport& report) {
  const ByteView head = input.head();
  for (const std::uint64_t at : {fields_at, fields_at + 12}) {
    const std::uint64_t offset = head.be32(at);
    const std::uint64_t length = head.be32(at + 4);
    if (length == 0) continue;
    if (offset > input.size_bytes() || length > input.size_bytes() - offset) {
      report.breaks("woff.block",
                    fmt::format("{} bytes of extra data at byte {} leave the file's {} bytes", length, offset,
                                input.size_bytes()),
                    {.from = at, .to = at + 8});
      return false;
    }
    end = std::max(end, offset + length);
  }
  return true;
}

/// The header's length against the size, common to both versions.
bool length_fits(WalkInput& input, std::uint64_t header_bytes, WalkReport& report) {
  const ByteView head = input.head();
  const std::uint64_t length = head.be32(8);
  const std::uint16_t tables = head.be16(12);
  if (head.size() >= header_bytes && length <= input.size_bytes() && length > header_bytes && tables > 0) return true;
  report.breaks("woff.header",
                fmt::format("{} tables in {} bytes by the header, the file has {}", tables, length, input.size_bytes()),
                {.from = 0, .to = std::min(header_bytes, input.size_bytes())});
  return false;
}

struct Entry {
  std::uint64_t from = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
};

bool unpacks(WalkInput& input, const Entry& entry) {
  if (entry.packed_bytes == entry.unpacked_bytes) return true;
  const Decoded decoded =
      decode_deflate(input, entry.from, entry.from + entry.packed_bytes, DeflateFrame::zlib, entry.unpacked_bytes);
  if (decoded.end == DecodeEnd::stopped && decoded.produced_bytes <= entry.unpacked_bytes) return true;
  return decoded.end == DecodeEnd::complete && decoded.produced_bytes == entry.unpacked_bytes;
}

void walk_woff1(WalkInput& input, WalkReport& report) {
  report.format = "woff";
  if (!length_fits(input, k_header_bytes, report)) return;
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t count = input.head().be16(12);
  std::uint64_t end = k_header_bytes + count * k_entry_bytes;
  std::vector<Entry> entries;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t at = k_header_bytes + i * k_entry_bytes;
    const ByteView view = input.at(at, k_entry_bytes);
    const Entry entry{.from = view.be32(4), .packed_bytes = view.be32(8), .unpacked_bytes = view.be32(12)};
    if (view.size() < k_entry_bytes || entry.from > size || entry.packed_bytes > size - entry.from ||
        entry.packed_bytes > entry.unpacked_bytes) {
      report.breaks("woff.table",
                    fmt::format("table {} of {}, {} bytes at byte {}, leaves the file's {} bytes", i, count,
                                entry.packed_bytes, entry.from, size),
                    {.from = std::min(at, size), .to = std::min(at + k_entry_bytes, size)});
      return;
    }
    end = std::max(end, entry.from + entry.packed_bytes);
    entries.push_back(entry);
  }
  if (!blocks_fit(input, 24, end, report)) return;
  report.end_bytes = std::max<std::uint64_t>(end, std::min<std::uint64_t>(input.head().be32(8), padded(end)));
  report.reach = Reach::frame;
  report.region(0, k_header_bytes + count * k_entry_bytes, RegionKind::structured);
  const bool decode = input.depth() == model::Depth::full || !input.whole().empty();
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.from < b.from; });
  for (const Entry& entry : entries) {
    const ByteRange range{.from = entry.from, .to = entry.from + entry.packed_bytes};
    if (decode && !unpacks(input, entry)) {
      report.breaks(
          "woff.stream",
          fmt::format("the table at byte {} does not unpack to its {} bytes", entry.from, entry.unpacked_bytes), range);
      continue;
    }
    report.region(range.from, range.to, decode ? RegionKind::verified : RegionKind::compressed);
  }
  if (report.shape == Shape::broken) return;
  if (decode && !input.stopped()) report.reach = Reach::content;
  report.holds("woff.tables", fmt::format("{} tables lie inside the file{}", count,
                                          report.reach == Reach::content ? " and unpack" : ""));
}

/// Reads a UIntBase128: seven bits a byte, most significant first, at most five bytes, no leading zeros.
std::optional<std::uint32_t> read_base128(ByteView view, std::uint64_t& at) {
  std::uint32_t value = 0;
  for (int i = 0; i < 5; ++i) {
    if (!view.has(at, 1)) return std::nullopt;
    const std::uint8_t byte = view.u8(at++);
    if ((i == 0 && byte == 0x80) || (value & 0xFE000000U) != 0) return std::nullopt;
    value = (value << 7U) | (byte & 0x7FU);
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

/// A 255UInt16 (WOFF2, section 6.1.1).
std::optional<std::uint16_t> read_255(ByteView view, std::uint64_t& at) {
  if (!view.has(at, 1)) return std::nullopt;
  const std::uint8_t code = view.u8(at++);
  if (code < 253) return code;
  const std::uint64_t length = code == 253 ? 2 : 1;
  if (!view.has(at, length)) return std::nullopt;
  const std::uint16_t value =
      code == 253 ? view.be16(at) : static_cast<std::uint16_t>(view.u8(at) + (code == 255 ? 253 : 506));
  at += length;
  return value;
}

struct Directory2 {
  std::uint64_t end = 0;             // of the directory; 0: it breaks a rule
  std::uint64_t unpacked_bytes = 0;  // of all tables as they stand in the stream
};

Directory2 read_directory2(ByteView head) {
  constexpr std::uint8_t k_own_tag = 63;
  constexpr std::uint8_t k_glyf = 10;
  constexpr std::uint8_t k_loca = 11;
  constexpr std::uint32_t k_glyf_tag = 0x676C7966;
  constexpr std::uint32_t k_loca_tag = 0x6C6F6361;
  Directory2 directory;
  std::uint64_t at = k_header2_bytes;
  const std::uint16_t count = head.be16(12);
  for (std::uint16_t i = 0; i < count; ++i) {
    if (!head.has(at, 1)) return {};
    const std::uint8_t flags = head.u8(at++);
    const std::uint8_t known = flags & 0x3FU;
    bool outlines = known == k_glyf || known == k_loca;
    if (known == k_own_tag) {
      const std::uint32_t tag = head.be32(at);
      outlines = tag == k_glyf_tag || tag == k_loca_tag;
      at += 4;
    }
    const std::optional<std::uint32_t> length = read_base128(head, at);
    if (!length) return {};
    // Version 3 means "not transformed" for outlines, version 0 for every other table.
    const bool transformed = outlines ? (flags >> 6U) != 3 : (flags >> 6U) != 0;
    std::uint64_t in_stream = *length;
    if (transformed) {
      const std::optional<std::uint32_t> changed = read_base128(head, at);
      if (!changed) return {};
      in_stream = *changed;
    }
    directory.unpacked_bytes += in_stream;
  }
  if (head.matches(4, "ttcf")) {  // a collection lists its fonts' tables here
    at += 4;
    const std::optional<std::uint16_t> fonts = read_255(head, at);
    for (std::uint32_t i = 0; i < fonts.value_or(0); ++i) {
      const std::optional<std::uint16_t> tables = read_255(head, at);
      at += 4;
      for (std::uint32_t k = 0; k < tables.value_or(0); ++k) {
        if (!read_255(head, at)) return {};
      }
    }
  }
  directory.end = at;
  return directory;
}

void walk_woff2(WalkInput& input, WalkReport& report) {
  report.format = "woff2";
  if (!length_fits(input, k_header2_bytes, report)) return;
  const std::uint64_t size = input.size_bytes();
  const Directory2 directory = read_directory2(input.head());
  const std::uint64_t packed_bytes = input.head().be32(20);
  if (directory.end == 0 || directory.end > size || packed_bytes > size - directory.end) {
    report.breaks("woff.directory",
                  fmt::format("the directory or its {} packed bytes leave the file's {} bytes", packed_bytes, size),
                  {.from = 0, .to = std::min<std::uint64_t>(size, 256)});
    return;
  }
  const std::uint64_t stream_end = directory.end + packed_bytes;
  std::uint64_t end = stream_end;
  if (!blocks_fit(input, 28, end, report)) return;
  report.end_bytes = std::max<std::uint64_t>(end, std::min<std::uint64_t>(input.head().be32(8), padded(end)));
  report.reach = Reach::frame;
  report.region(0, directory.end, RegionKind::structured);
  const bool decode = input.depth() == model::Depth::full || !input.whole().empty();
  if (decode) {
    const Decoded decoded = decode_stream(input, directory.end, stream_end, Codec::brotli, k_unpacked_bytes_max);
    const bool fits = decoded.end == DecodeEnd::complete && decoded.produced_bytes == directory.unpacked_bytes;
    if (decoded.end != DecodeEnd::stopped && !fits) {
      report.breaks("woff.stream",
                    fmt::format("the tables unpack to {} bytes where the directory says {}", decoded.produced_bytes,
                                directory.unpacked_bytes),
                    {.from = directory.end, .to = stream_end});
      return;
    }
    if (fits) report.reach = Reach::content;
  }
  report.region(directory.end, stream_end,
                report.reach == Reach::content ? RegionKind::verified : RegionKind::compressed);
  report.region(stream_end, end, RegionKind::compressed);
  report.holds("woff.tables",
               fmt::format("a directory of {} tables and {} packed bytes fill the file{}", input.head().be16(12),
                           packed_bytes, report.reach == Reach::content ? ", and they unpack" : ""));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (recognise({.head = input.head()}) == Likeness::none) return report;
  report.shape = Shape::whole;
  if (is_woff2(input.head())) {
    walk_woff2(input, report);
  } else {
    walk_woff1(input, report);
  }
  return report;
}

}  // namespace

const Format k_woff_format = {.id = "woff",
                              .title = "web font",
                              .family = Family::font,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
