// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Bitmap fonts of X11 (PCF), of the Linux console (PSF 1 and 2) and of GRUB (PFF2).
// Specifications: X.Org "The X11 Portable Compiled Format"; kbd "PSF file format"; GRUB manual, "GRUB Font Format".
//
//   pcf   = 01 "fcp" count(4) (type(4, one bit) format(4) size(4) offset(4))[count] table*, little endian
//   psf1  = 36 04 mode(1) height(1) glyph(height)[256 or 512] [unicode table: FFFF after each glyph]
//   psf2  = 72 B5 4A 86 version(4) header size(4) flags(4) count(4) bytes per glyph(4) height(4) width(4) ...
//           glyph[count] [unicode table: FF after each glyph]
//   pff2  = (name(4) length(4, big endian) bytes)*, "FILE" first, "DATA" last and without a length
#include "formats/bitmap_font/bitmap_font_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::ByteRange;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"pcf", Promise::loose}, NameClaim{"psf", Promise::loose},
                                 NameClaim{"psfu", Promise::loose}, NameClaim{"pf2", Promise::firm}};
constexpr std::string_view k_pcf = "\1fcp"sv;
constexpr std::string_view k_psf1 = "\x36\x04"sv;
constexpr std::string_view k_psf2 = "\x72\xb5\x4a\x86"sv;
constexpr std::string_view k_pff2 = "FILE\0\0\0\4PFF2"sv;
constexpr std::uint32_t k_pcf_tables_max = 32;

Likeness recognise(const Edges& edges) {
  if (edges.head.matches(0, k_pcf) || edges.head.matches(0, k_psf2) || edges.head.matches(0, k_pff2))
    return Likeness::strong;
  const bool psf1 =
      edges.head.matches(0, k_psf1) && edges.head.u8(2) < 8 && edges.head.u8(3) > 0 && edges.head.u8(3) <= 64;
  return psf1 ? Likeness::weak : Likeness::none;
}

/// bdftopcf announces more bytes for the two tables of accelerators than it writes.
std::uint64_t pcf_length(std::uint32_t type, std::uint32_t format, std::uint32_t announced) {
  constexpr std::uint32_t k_accelerators = 1U << 1U;
  constexpr std::uint32_t k_bdf_accelerators = 1U << 8U;
  constexpr std::uint32_t k_with_ink_bounds = 0x100;
  if (type != k_accelerators && type != k_bdf_accelerators) return announced;
  return std::min<std::uint32_t>(announced, (format & k_with_ink_bounds) != 0 ? 72 : 48);
}

void walk_pcf(WalkInput& input, WalkReport& report) {
  report.format = "pcf";
  const std::uint64_t size = input.size_bytes();
  const ByteView head = input.head();
  const std::uint32_t count = head.le32(4);
  const std::uint64_t tables_from = 8 + std::uint64_t{count} * 16;
  if (count == 0 || count > k_pcf_tables_max || tables_from > size) {
    report.breaks("bitmap_font.tables", fmt::format("{} tables do not fit the file's {} bytes", count, size),
                  {.from = 0, .to = std::min<std::uint64_t>(8, size)});
    return;
  }
  std::uint64_t end = tables_from;
  for (std::uint32_t i = 0; i < count; ++i) {
    const ByteView entry = head.part(8 + std::uint64_t{i} * 16, 16);
    const std::uint32_t type = entry.le32(0);
    const std::uint32_t format = entry.le32(4);
    const std::uint64_t length = pcf_length(type, format, entry.le32(8));
    const std::uint64_t offset = entry.le32(12);
    const bool one_bit = type != 0 && (type & (type - 1)) == 0;
    // Each table begins with its own format once more.
    if (!one_bit || offset > size || length > size - offset || input.at(offset, 4).le32(0) != format) {
      report.breaks("bitmap_font.table",
                    fmt::format("table {} of {}, {} bytes at byte {}, does not fit", i, count, length, offset),
                    {.from = 8 + std::uint64_t{i} * 16, .to = 24 + std::uint64_t{i} * 16});
      return;
    }
    end = std::max(end, offset + length);
  }
  report.end_bytes = end;
  // Tables are padded to four bytes.
  report.allowed_trailing_bytes = std::min<std::uint64_t>(size - end, 3);
  report.reach = Reach::frame;
  report.region(0, tables_from, RegionKind::structured);
  report.region(tables_from, end, RegionKind::plain);
  report.holds("bitmap_font.tables", fmt::format("{} tables lie inside the file and begin with their format", count));
}

/// Behind the glyphs: one entry per glyph, each closed by a mark. Gives the byte behind the last mark.
std::uint64_t find_unicode_end(WalkInput& input, std::uint64_t from, std::uint64_t count, std::string_view mark) {
  std::uint64_t at = from;
  std::uint64_t seen = 0;
  while (seen < count && at < input.size_bytes()) {
    if (!input.may_continue()) return input.size_bytes();
    const ByteView piece = input.at(at, k_edge_bytes);
    std::size_t i = 0;
    for (; seen < count && i + mark.size() <= piece.size(); i += mark.size()) {
      if (piece.matches(i, mark)) ++seen;
    }
    if (i == 0) break;
    at += i;
  }
  return seen == count ? at : 0;
}

struct Psf {
  std::uint64_t header_bytes = 0;
  std::uint64_t count = 0;
  std::uint64_t glyph_bytes = 0;
  std::string_view mark;  // closes an entry of the unicode table; empty: there is none
};

void walk_psf(WalkInput& input, const Psf& psf, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t glyphs_end = psf.header_bytes + psf.count * psf.glyph_bytes;
  if (psf.count == 0 || psf.glyph_bytes == 0 || glyphs_end > size) {
    report.breaks("bitmap_font.glyphs",
                  fmt::format("{} glyphs of {} bytes do not fit the file's {} bytes", psf.count, psf.glyph_bytes, size),
                  {.from = 0, .to = std::min(psf.header_bytes, size)});
    return;
  }
  std::uint64_t end = glyphs_end;
  if (!psf.mark.empty()) {
    end = find_unicode_end(input, glyphs_end, psf.count, psf.mark);
    if (end == 0) {
      report.breaks("bitmap_font.unicode", fmt::format("the unicode table has fewer than {} entries", psf.count),
                    {.from = glyphs_end, .to = size});
      return;
    }
  }
  report.end_bytes = end;
  report.reach = Reach::frame;
  report.region(0, psf.header_bytes, RegionKind::structured);
  report.region(psf.header_bytes, end, RegionKind::plain);
  report.holds("bitmap_font.glyphs",
               fmt::format("{} glyphs of {} bytes end at byte {}", psf.count, psf.glyph_bytes, end));
}

Psf read_psf1(ByteView head) {
  const std::uint8_t mode = head.u8(2);
  return {.header_bytes = 4,
          .count = (mode & 1U) != 0 ? 512U : 256U,
          .glyph_bytes = head.u8(3),
          .mark = (mode & 6U) != 0 ? "\xff\xff"sv : ""sv};
}

Psf read_psf2(ByteView head) {
  return {.header_bytes = head.le32(8),
          .count = head.le32(16),
          .glyph_bytes = head.le32(20),
          .mark = (head.le32(12) & 1U) != 0 ? "\xff"sv : ""sv};
}

void walk_pff2(WalkInput& input, WalkReport& report) {
  report.format = "pff2";
  const std::uint64_t size = input.size_bytes();
  std::uint64_t at = 0;
  std::uint64_t sections = 0;
  std::uint64_t index_at = 0;
  std::uint64_t index_bytes = 0;
  while (input.may_continue()) {
    const ByteView header = input.at(at, 8);
    if (header.matches(0, "DATA")) break;
    const std::uint64_t length = header.be32(4);
    const bool named = std::all_of(header.begin(), header.begin() + std::min<std::size_t>(4, header.size()),
                                   [](std::uint8_t byte) { return byte >= 'A' && byte <= 'Z'; });
    if (header.size() < 8 || !named || length > size - at - 8) {
      report.breaks("bitmap_font.section", fmt::format("no section that fits the file at byte {}", at),
                    {.from = at, .to = std::min(at + 64, size)});
      return;
    }
    if (header.matches(0, "CHIX")) {
      index_at = at + 8;
      index_bytes = length;
    }
    at += 8 + length;
    ++sections;
  }
  // CHIX entry = code point(4) flags(1) offset(4); a glyph = width(2) height(2) x(2) y(2) advance(2), then its pixels.
  constexpr std::uint64_t k_entry_bytes = 9;
  std::uint64_t end = at + 8;
  for (std::uint64_t i = 0; i + k_entry_bytes <= index_bytes; i += k_entry_bytes) {
    if (!input.may_continue()) return;
    const std::uint64_t glyph = input.at(index_at + i + 5, 4).be32(0);
    const ByteView header = input.at(glyph, 4);
    const std::uint64_t glyph_end = glyph + 10 + (std::uint64_t{header.be16(0)} * header.be16(2) + 7) / 8;
    if (glyph < at || glyph_end > size) {
      report.breaks("bitmap_font.glyph", fmt::format("the glyph at byte {} leaves the file's {} bytes", glyph, size),
                    {.from = index_at + i, .to = index_at + i + k_entry_bytes});
      return;
    }
    end = std::max(end, glyph_end);
  }
  report.end_bytes = std::min(end, size);
  report.reach = Reach::frame;
  report.region(0, at, RegionKind::structured);
  report.region(at, *report.end_bytes, RegionKind::plain);
  report.holds("bitmap_font.sections",
               fmt::format("{} sections and {} glyphs lie inside the file", sections, index_bytes / k_entry_bytes));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (recognise({.head = head}) == Likeness::none) return report;
  report.shape = Shape::whole;
  if (head.matches(0, k_pcf)) {
    walk_pcf(input, report);
  } else if (head.matches(0, k_pff2)) {
    walk_pff2(input, report);
  } else {
    report.format = "psf";
    walk_psf(input, head.matches(0, k_psf2) ? read_psf2(head) : read_psf1(head), report);
  }
  return report;
}

}  // namespace

const Format k_bitmap_font_format = {.id = "bitmap-font",
                                     .title = "bitmap font",
                                     .family = Family::font,
                                     .claims = k_claims,
                                     .recognise = recognise,
                                     .walk = walk};

}  // namespace lastgood::formats
