// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ELF: programs, libraries, objects, kernel modules, debug files, core dumps.
// Specification: System V ABI (gABI) 4.1, chapters 4 and 5.
//
//   file    = header(52 or 64 bytes) ... segment table ... section table ..., in any order
//   header  = 7F "ELF" class(1: 32 bit, 2: 64 bit) order(1: little, 2: big) version(1) ...
//             offsets, entry sizes and counts of the two tables; number of the section that holds section names
//   segment = type, offset, bytes in file, bytes in memory, alignment (a power of two), ...
//   section = name (offset in the names' section), type, flags, offset, size, link, info, alignment, entry size
//   A count that does not fit its field stands in section 0 (gABI, "extended numbering").
#include "formats/elf/elf_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/elf/elf_file.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using elf::ElfFile;
using elf::Fields;
using elf::Section;
using elf::Segment;
using model::ByteRange;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"so", Promise::loose}, NameClaim{"o", Promise::loose},
                                 NameClaim{"ko", Promise::loose}, NameClaim{"elf", Promise::loose},
                                 NameClaim{"debug", Promise::loose}};
constexpr std::uint64_t k_tables_entries_max = 1U << 20U;
constexpr std::uint16_t k_type_core = 4;
constexpr std::uint16_t k_extended_count = 0xFFFF;

Likeness recognise(const Edges& edges) {
  const bool fits = edges.head.matches(0,
                                       "\x7f"
                                       "ELF"sv) &&
                    (edges.head.u8(4) == 1 || edges.head.u8(4) == 2) &&
                    (edges.head.u8(5) == 1 || edges.head.u8(5) == 2);
  return fits ? Likeness::strong : Likeness::none;
}

bool is_inside(std::uint64_t offset, std::uint64_t length, std::uint64_t size) {
  return offset <= size && length <= size - offset;
}

bool is_power_of_two(std::uint64_t value) { return (value & (value - 1)) == 0; }

Section read_section(const Fields& fields, ByteView entry) {
  return {.name = fields.u32(entry, 0),
          .type = fields.u32(entry, 4),
          .flags = fields.word(entry, 8, 8),
          .offset = fields.word(entry, 16, 24),
          .size = fields.word(entry, 20, 32),
          .link = fields.u32(entry, fields.pick(24, 40)),
          .info = fields.u32(entry, fields.pick(28, 44)),
          .align = fields.word(entry, 32, 48),
          .entry_bytes = fields.word(entry, 36, 56)};
}

Segment read_segment(const Fields& fields, ByteView entry) {
  return {.type = fields.u32(entry, 0),
          .offset = fields.word(entry, 4, 8),
          .file_bytes = fields.word(entry, 16, 32),
          .memory_bytes = fields.word(entry, 20, 40),
          .align = fields.word(entry, 28, 48)};
}

/// Fills what the header says; false when it breaks a rule (told in the report).
bool read_header(WalkInput& input, ElfFile& file, WalkReport& report) {
  const ByteView head = input.head();
  file.fields = {.width = head.u8(4) == 1 ? elf::Width::bits32 : elf::Width::bits64,
                 .order = head.u8(5) == 1 ? elf::Order::little : elf::Order::big};
  const Fields& f = file.fields;
  const std::uint64_t header_bytes = f.pick(52, 64);
  const ByteRange range{.from = 0, .to = std::min(header_bytes, input.size_bytes())};
  const std::uint64_t counts_at = f.pick(40, 52);  // e_ehsize and what follows
  const std::uint16_t segment_bytes = f.u16(head, counts_at + 2);
  const std::uint16_t section_bytes = f.u16(head, counts_at + 6);
  file.type = f.u16(head, 16);
  file.segments_at = f.word(head, 28, 32);
  file.sections_at = f.word(head, 32, 40);
  file.segment_count = f.u16(head, counts_at + 4);
  file.section_count = f.u16(head, counts_at + 8);
  file.names_section = f.u16(head, counts_at + 10);
  file.end = header_bytes;
  if (head.size() < header_bytes || head.u8(6) != 1 || f.u32(head, 20) != 1 || f.u16(head, counts_at) != header_bytes) {
    report.breaks("elf.header",
                  fmt::format("version {} and header size {} are not those of a {}-byte ELF header", f.u32(head, 20),
                              f.u16(head, counts_at), header_bytes),
                  range);
    return false;
  }
  const bool segments_fit = file.segments_at == 0 || file.segment_count == 0 || segment_bytes == f.pick(32, 56);
  const bool sections_fit = file.sections_at == 0 || section_bytes == f.pick(40, 64);
  if (!segments_fit || !sections_fit) {
    report.breaks("elf.header",
                  fmt::format("table entries of {} and {} bytes, {} and {} are the only sizes", segment_bytes,
                              section_bytes, f.pick(32, 56), f.pick(40, 64)),
                  range);
    return false;
  }
  if (file.sections_at == 0) {
    file.section_count = 0;
    return true;
  }
  const Section zero = read_section(f, input.at(file.sections_at, f.pick(40, 64)));
  if (file.section_count == 0) file.section_count = zero.size;
  if (file.segment_count == k_extended_count && zero.info != 0) file.segment_count = zero.info;
  if (file.names_section == k_extended_count) file.names_section = zero.link;
  return true;
}

/// Calls `take` for each entry of a table; false when the table leaves the file or a limit was reached.
template <typename Take>
bool read_table(WalkInput& input, WalkReport& report, std::uint64_t from, std::uint64_t count,
                std::uint64_t entry_bytes, std::string_view what, const Take& take) {
  if (count == 0) return true;
  const std::uint64_t size = input.size_bytes();
  if (from >= size || count > (size - from) / entry_bytes) {
    report.breaks(
        "elf.tables",
        fmt::format("the table of {} {}s at byte {} ends behind the file's {} bytes", count, what, from, size),
        {.from = std::min(from, size), .to = size});
    return false;
  }
  if (count > k_tables_entries_max || !input.may_continue(1 + count / 16)) {
    report.remarks("elf.limit", fmt::format("{} {}s are more than this check walks", count, what));
    return false;
  }
  const std::uint64_t piece_entries = k_window_bytes / entry_bytes;
  for (std::uint64_t i = 0; i < count; i += piece_entries) {
    const std::uint64_t n = std::min(piece_entries, count - i);
    const ByteView piece = input.at(from + i * entry_bytes, static_cast<std::size_t>(n * entry_bytes));
    for (std::uint64_t k = 0; k < n; ++k) take(piece.part(k * entry_bytes, entry_bytes));
  }
  return !input.stopped();
}

/// A debug file keeps the program's segment table but not its bytes (objcopy --only-keep-debug, eu-strip -f).
bool is_debug_file(const ElfFile& file) {
  bool has_nobits = false;
  for (const Section& section : file.sections) {
    if ((section.flags & elf::k_flag_alloc) == 0) continue;
    if (section.type == elf::k_type_progbits && section.size != 0) return false;
    has_nobits = has_nobits || section.type == elf::k_type_nobits;
  }
  return has_nobits;
}

void check_segments(WalkInput& input, ElfFile& file, WalkReport& report) {
  constexpr std::uint32_t k_load = 1;
  const bool is_debug = is_debug_file(file);
  for (std::size_t i = 0; i < file.segments.size(); ++i) {
    const Segment& segment = file.segments[i];
    const std::uint64_t entry_bytes = file.fields.pick(32, 56);
    const ByteRange entry{.from = file.segments_at + i * entry_bytes, .to = file.segments_at + (i + 1) * entry_bytes};
    if (segment.type == 0) continue;
    if (!is_power_of_two(segment.align) ||
        (segment.type == k_load && file.type != k_type_core && segment.file_bytes > segment.memory_bytes)) {
      report.breaks("elf.segment",
                    fmt::format("segment {} of {} has alignment {} and {} bytes in the file for {} in memory", i,
                                file.segments.size(), segment.align, segment.file_bytes, segment.memory_bytes),
                    entry);
      continue;
    }
    if (is_debug || segment.file_bytes == 0) continue;
    if (!is_inside(segment.offset, segment.file_bytes, input.size_bytes())) {
      report.breaks("elf.segment",
                    fmt::format("segment {} of {} ends at byte {}, the file at {}", i, file.segments.size(),
                                segment.offset + segment.file_bytes, input.size_bytes()),
                    entry);
      continue;
    }
    file.end = std::max(file.end, segment.offset + segment.file_bytes);
  }
}

RegionKind region_kind(const Section& section) {
  switch (section.payload) {
    case elf::Payload::checked: return RegionKind::structured;
    case elf::Payload::compressed: return RegionKind::compressed;
    case elf::Payload::plain:
    case elf::Payload::unnamed: return RegionKind::plain;
  }
  return RegionKind::plain;
}

/// Names tables and sections in file order. Data sections stay unnamed: programs embed pictures and archives in them.
void name_regions(const ElfFile& file, std::uint64_t size_bytes, WalkReport& report) {
  const Fields& f = file.fields;
  std::vector<model::Region> regions;
  regions.reserve(file.sections.size() + 3);
  const auto add = [&](std::uint64_t from, std::uint64_t length, RegionKind kind) {
    // Broken ones may lie behind the end.
    const std::uint64_t inside = std::min(from, size_bytes);
    regions.push_back({.range = {.from = inside, .to = inside + std::min(length, size_bytes - inside)}, .kind = kind});
  };
  add(0, f.pick(52, 64), RegionKind::structured);
  add(file.segments_at, file.segments.size() * f.pick(32, 56), RegionKind::structured);
  add(file.sections_at, file.sections.size() * f.pick(40, 64), RegionKind::structured);
  for (const Section& section : file.sections) {
    if (section.has_bytes() && section.payload != elf::Payload::unnamed)
      add(section.offset, section.size, region_kind(section));
  }
  std::sort(regions.begin(), regions.end(),
            [](const model::Region& a, const model::Region& b) { return a.range.from < b.range.from; });
  for (const model::Region& region : regions) report.region(region.range.from, region.range.to, region.kind);
}

/// Packed programs (UPX) have no sections, and code that looks random.
bool is_packed(WalkInput& input, const ElfFile& file) {
  if (!file.sections.empty()) return false;
  return input.head().part(0, 4096).find("UPX!") != ByteView::npos || input.tail().find_last("UPX!") != ByteView::npos;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (recognise({.head = input.head()}) == Likeness::none) return report;
  report.shape = Shape::whole;
  ElfFile file;
  if (!read_header(input, file, report)) return report;
  const Fields& f = file.fields;
  if (file.type == k_type_core) report.format = "elf-core";
  bool complete = true;
  file.sections.reserve(std::min<std::uint64_t>(file.section_count, 256));
  file.segments.reserve(std::min<std::uint64_t>(file.segment_count, 32));
  complete &= read_table(input, report, file.sections_at, file.section_count, f.pick(40, 64), "section",
                         [&](ByteView entry) { file.sections.push_back(read_section(f, entry)); });
  complete &=
      read_table(input, report, file.segments_at, file.segments_at == 0 ? 0 : file.segment_count, f.pick(32, 56),
                 "segment", [&](ByteView entry) { file.segments.push_back(read_segment(f, entry)); });
  if (!complete) return report;
  file.end = std::max({file.end, file.sections_at + file.sections.size() * f.pick(40, 64),
                       file.segments_at + file.segments.size() * f.pick(32, 56)});
  elf::check_sections(input, file, report);
  check_segments(input, file, report);
  report.end_bytes = std::min(file.end, input.size_bytes());
  if (report.shape == Shape::broken) return report;
  report.reach = Reach::frame;
  if (input.depth() == model::Depth::full || !input.whole().empty()) elf::check_contents(input, file, report);
  if (is_packed(input, file)) {
    report.region(0, f.pick(52, 64), RegionKind::structured);
    report.region(f.pick(52, 64), *report.end_bytes, RegionKind::compressed);
  } else {
    name_regions(file, input.size_bytes(), report);
  }
  elf::explain_payload(input, file, report);
  if (report.shape == Shape::broken) return report;
  report.holds(
      "elf.frame",
      fmt::format("{} sections and {} segments lie inside the {} bytes{}", file.sections.size(), file.segments.size(),
                  file.end, report.reach == Reach::sampled ? "; names, symbols, relocations and notes hold" : ""));
  return report;
}

}  // namespace

const Format k_elf_format = {.id = "elf",
                             .title = "ELF program or library",
                             .family = Family::program,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
