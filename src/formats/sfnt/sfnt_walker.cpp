// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// TrueType and OpenType fonts and collections. Specification: OpenType 1.9 (ISO/IEC 14496-22), "OpenType font file".
//
//   font       = version(4) count(2) search fields(6) entry[count] table*
//   entry      = tag(4) checksum(4) offset(4) length(4); offsets count from the file's first byte
//   collection = "ttcf" version(4) count(4) offset of a font(4)[count] ...; fonts may share tables
//   A checksum is the sum of the table's big-endian words, the table padded with zeros; that of 'head' is taken with
//   its field of byte 8 as zero.
#include "formats/sfnt/sfnt_walker.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::ByteRange;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"ttf", Promise::firm}, NameClaim{"otf", Promise::firm},
                                 NameClaim{"ttc", Promise::firm}, NameClaim{"otc", Promise::firm}};
constexpr std::uint32_t k_tables_max = 512;
constexpr std::uint32_t k_fonts_max = 4096;
constexpr std::uint64_t k_entry_bytes = 16;
constexpr std::string_view k_collection = "ttcf";
// Versions: TrueType, OpenType with CFF outlines, Apple's TrueType and Type 1 in a TrueType frame.
constexpr std::array k_versions = {"\0\1\0\0"sv, "OTTO"sv, "true"sv, "typ1"sv};

struct Table {
  std::uint32_t tag = 0;
  std::uint32_t checksum = 0;
  std::uint64_t from = 0;
  std::uint64_t length = 0;
};

bool is_tag(ByteView tag) {
  return tag.size() == 4 &&
         std::all_of(tag.begin(), tag.end(), [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7F; });
}

bool begins_as_font(ByteView head) {
  const auto fits = [&](std::string_view version) { return head.matches(0, version); };
  const std::uint16_t count = head.be16(4);
  return std::any_of(k_versions.begin(), k_versions.end(), fits) && count > 0 && count <= k_tables_max &&
         is_tag(head.part(12, 4));
}

Likeness recognise(const Edges& edges) {
  if (edges.head.matches(0, k_collection) && (edges.head.be32(4) >> 16U) <= 2 && edges.head.be32(8) != 0)
    return Likeness::strong;
  return begins_as_font(edges.head) ? Likeness::strong : Likeness::none;
}

std::string tag_text(std::uint32_t tag) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>((tag >> static_cast<unsigned>(shift)) & 0xFFU);
  return base::printable(text);
}

struct Font {
  std::vector<Table> tables;  // of all fonts of a collection
  std::uint64_t end = 0;
  std::vector<ByteRange> frames;
};

/// Reads one table directory; false when it breaks a rule.
bool read_directory(WalkInput& input, std::uint64_t from, Font& font, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  const ByteView header = input.at(from, 16);
  const ByteRange header_range{.from = std::min(from, size), .to = std::min(from + 16, size)};
  if (!begins_as_font(header)) {
    report.breaks("sfnt.directory", fmt::format("no table directory at byte {}", from), header_range);
    return false;
  }
  const std::uint32_t count = header.be16(4);
  const std::uint64_t end = from + 12 + count * k_entry_bytes;
  const ByteView entries = input.at(from + 12, static_cast<std::size_t>(count * k_entry_bytes));
  if (entries.size() != count * k_entry_bytes) {
    report.breaks("sfnt.directory",
                  fmt::format("the directory of {} tables ends behind the file's {} bytes", count, size),
                  {.from = header_range.from, .to = size});
    return false;
  }
  font.frames.push_back({.from = from, .to = end});
  font.end = std::max(font.end, end);
  for (std::uint32_t i = 0; i < count; ++i) {
    const ByteView entry = entries.part(i * k_entry_bytes, k_entry_bytes);
    const Table table{.tag = entry.be32(0), .checksum = entry.be32(4), .from = entry.be32(8), .length = entry.be32(12)};
    if (!is_tag(entry.part(0, 4)) || table.from > size || table.length > size - table.from) {
      report.breaks("sfnt.table",
                    fmt::format("table {} of {} ('{}'), {} bytes at byte {}, leaves the file's {} bytes", i, count,
                                tag_text(table.tag), table.length, table.from, size),
                    {.from = from + 12 + i * k_entry_bytes, .to = from + 12 + (i + 1) * k_entry_bytes});
      return false;
    }
    font.tables.push_back(table);
    font.end = std::max(font.end, table.from + table.length);
  }
  return true;
}

bool read_collection(WalkInput& input, Font& font, WalkReport& report) {
  const std::uint32_t count = input.head().be32(8);
  const std::uint64_t offsets_end = 12 + std::uint64_t{count} * 4;
  if (count > k_fonts_max || offsets_end > input.size_bytes()) {
    report.breaks("sfnt.collection", fmt::format("{} fonts do not fit the file's {} bytes", count, input.size_bytes()),
                  {.from = 0, .to = 12});
    return false;
  }
  font.frames.push_back({.from = 0, .to = offsets_end});
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!input.may_continue(4)) return false;
    const std::uint64_t offset = input.at(12 + std::uint64_t{i} * 4, 4).be32(0);
    if (!read_directory(input, offset, font, report)) return false;
  }
  const auto before = [](const Table& a, const Table& b) {
    return a.from != b.from ? a.from < b.from : a.length < b.length;
  };
  const auto same = [](const Table& a, const Table& b) { return a.from == b.from && a.length == b.length; };
  std::sort(font.tables.begin(), font.tables.end(), before);
  font.tables.erase(std::unique(font.tables.begin(), font.tables.end(), same), font.tables.end());
  return true;
}

constexpr std::uint32_t k_head = 0x68656164;  // "head"

std::uint32_t sum_words(ByteView piece) {
  std::uint32_t sum = 0;
  const std::size_t words = piece.size() / 4 * 4;
  const std::uint8_t* bytes = piece.begin();
  for (std::size_t i = 0; i < words; i += 4) {
    sum += (std::uint32_t{bytes[i]} << 24U) | (std::uint32_t{bytes[i + 1]} << 16U) |
           (std::uint32_t{bytes[i + 2]} << 8U) | bytes[i + 3];
  }
  for (std::size_t i = words; i < piece.size(); ++i) sum += std::uint32_t{bytes[i]} << (24U - 8U * (i - words));
  return sum;
}

enum class Fit : std::uint8_t { fits, differs, unknown };

/// Tools edit single fields of 'head' and leave its checksum; its own magic number then speaks for it.
bool is_edited_head(WalkInput& input, const Table& table) {
  constexpr std::uint32_t k_head_magic = 0x5F0F3CF5;
  return table.tag == k_head && input.at(table.from + 12, 4).be32(0) == k_head_magic;
}

Fit check_sum(WalkInput& input, const Table& table) {
  std::uint32_t sum = 0;
  for (std::uint64_t at = 0; at < table.length; at += k_window_bytes) {
    const std::uint64_t count = std::min<std::uint64_t>(k_window_bytes, table.length - at);
    if (!input.may_continue(1 + count / 16384)) return Fit::unknown;
    sum += sum_words(input.at(table.from + at, static_cast<std::size_t>(count)));
  }
  if (table.tag == k_head) sum -= input.at(table.from + 8, 4).be32(0);
  if (sum == table.checksum) return Fit::fits;
  return input.read_error() || is_edited_head(input, table) ? Fit::unknown : Fit::differs;
}

constexpr std::uint32_t k_signature =
    0x44534947;  // "DSIG": signed last, by tools that leave the directory's sum as it was

/// Some tools write no checksums or stale ones in many tables. Where most fit, those that do not are overwritten
/// tables.
void check_sums(WalkInput& input, const Font& font, WalkReport& report) {
  std::vector<const Table*> differing;
  std::size_t fitting = 0;
  for (const Table& table : font.tables) {
    const Fit fit = table.checksum == 0 || table.tag == k_signature ? Fit::unknown : check_sum(input, table);
    if (input.stopped()) return;
    if (fit == Fit::fits) ++fitting;
    if (fit == Fit::differs) differing.push_back(&table);
  }
  if (differing.empty()) {
    if (fitting * 4 >= font.tables.size() * 3) report.reach = Reach::content;
    return;
  }
  for (const Table* table : differing) {
    const ByteRange range{.from = table->from, .to = table->from + table->length};
    const std::string sentence =
        fmt::format("the checksum of table '{}' does not fit its {} bytes", tag_text(table->tag), table->length);
    if (differing.size() * 3 <= fitting + differing.size()) {
      report.breaks("sfnt.checksum", sentence, range);
    } else {
      report.remarks("sfnt.checksum", sentence, range);
    }
  }
}

void name_regions(const Font& font, RegionKind payload, WalkReport& report) {
  std::vector<model::Region> regions;
  regions.reserve(font.tables.size() + font.frames.size());
  for (const ByteRange& frame : font.frames) regions.push_back({.range = frame, .kind = RegionKind::structured});
  for (const Table& table : font.tables)
    regions.push_back({.range = {.from = table.from, .to = table.from + table.length}, .kind = payload});
  std::sort(regions.begin(), regions.end(),
            [](const model::Region& a, const model::Region& b) { return a.range.from < b.range.from; });
  for (const model::Region& region : regions) report.region(region.range.from, region.range.to, region.kind);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (recognise({.head = input.head()}) == Likeness::none) return report;
  report.shape = Shape::whole;
  Font font;
  const bool is_collection = input.head().matches(0, k_collection);
  const bool complete = is_collection ? read_collection(input, font, report) : read_directory(input, 0, font, report);
  if (report.shape == Shape::broken) return report;
  if (!complete) {
    report.remarks("sfnt.limit", "stopped by a limit among the fonts of the collection");
    return report;
  }
  report.reach = Reach::frame;
  report.end_bytes = font.end;
  // The last table may be padded to a multiple of four.
  const std::uint64_t padded = (font.end + 3) / 4 * 4;
  const std::uint64_t padding = std::min(padded, input.size_bytes()) - font.end;
  if (padding != 0 && input.at(font.end, 4).part(0, padding).le24(0) == 0) report.allowed_trailing_bytes = padding;
  if (input.depth() == model::Depth::full || !input.whole().empty()) check_sums(input, font, report);
  name_regions(font, report.reach == Reach::content ? RegionKind::verified : RegionKind::compressed, report);
  if (report.shape == Shape::broken) return report;
  report.holds("sfnt.tables", fmt::format("{} tables lie inside the file{}", font.tables.size(),
                                          report.reach == Reach::content ? ", their checksums fit" : ""));
  return report;
}

}  // namespace

const Format k_sfnt_format = {.id = "sfnt",
                              .title = "TrueType or OpenType font",
                              .family = Family::font,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
