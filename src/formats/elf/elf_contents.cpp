// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The tables inside sections, entry by entry. Specification: gABI 4.1, chapter 4 ("Symbol Table", "Relocation") and
// chapter 5 ("Note Section"); gABI "Section Compression"; LSB 5.0, "Exception Frames".
#include <algorithm>

#include <fmt/format.h>

#include "formats/codec/deflate.h"
#include "formats/elf/elf_file.h"

namespace lastgood::formats::elf {

namespace {

using base::ByteView;
using model::ByteRange;

constexpr std::uint64_t k_reserved_section = 0xFF00;

ByteRange range_of(const Section& section) { return {.from = section.offset, .to = section.offset + section.size}; }

/// Calls `fits(entry)` for each entry; the first that does not fit breaks the report.
template <typename Fits>
void check_entries(WalkInput& input, Section& section, std::size_t number, std::uint64_t entry_bytes,
                   std::string_view what, WalkReport& report, const Fits& fits) {
  const std::uint64_t count = section.size / entry_bytes;
  const std::uint64_t piece_entries = (64 * 1024) / entry_bytes;
  for (std::uint64_t i = 0; i < count; i += piece_entries) {
    const std::uint64_t n = std::min(piece_entries, count - i);
    if (!input.may_continue(1 + n / 64)) return;
    const ByteView piece = input.at(section.offset + i * entry_bytes, static_cast<std::size_t>(n * entry_bytes));
    for (std::uint64_t k = 0; k < n; ++k) {
      if (fits(piece.part(k * entry_bytes, entry_bytes))) continue;
      if (input.read_error()) return;
      report.breaks(fmt::format("elf.{}", what),
                    fmt::format("{} {} of {} in section {} points nowhere", what, i + k, count, number),
                    range_of(section));
      return;
    }
  }
  section.payload = Payload::checked;
}

void check_symbols(WalkInput& input, ElfFile& file, std::size_t number, WalkReport& report) {
  Section& section = file.sections[number];
  const std::uint64_t names_bytes = file.sections[section.link].size;
  const Fields& f = file.fields;
  check_entries(input, section, number, f.pick(16, 24), "symbol", report, [&](ByteView entry) {
    const std::uint16_t in_section = f.u16(entry, f.pick(14, 6));
    const std::uint32_t name = f.u32(entry, 0);
    return (name == 0 || name < names_bytes) && (in_section < file.section_count || in_section >= k_reserved_section);
  });
}

void check_relocations(WalkInput& input, ElfFile& file, std::size_t number, WalkReport& report) {
  Section& section = file.sections[number];
  const Fields& f = file.fields;
  const Section& symbols = file.sections[section.link];
  if (symbols.type != k_type_symtab && symbols.type != k_type_dynsym) return;  // PIE without symbols links to 0
  const std::uint64_t symbol_count = symbols.size / f.pick(16, 24);
  constexpr std::uint16_t k_mips = 8;  // MIPS 64 orders the fields of r_info its own way
  if (f.u16(input.head(), 18) == k_mips) return;
  check_entries(input, section, number, section.type == k_type_rela ? f.pick(12, 24) : f.pick(8, 16), "relocation",
                report, [&](ByteView entry) {
                  const std::uint64_t info = f.word(entry, 4, 8);
                  const std::uint64_t symbol = f.width == Width::bits32 ? info >> 8U : info >> 32U;
                  return symbol == 0 || symbol < symbol_count;
                });
}

/// note = name size(4) descriptor size(4) type(4) name descriptor, both padded to 4 (or, aligned so, to 8).
void check_notes(WalkInput& input, ElfFile& file, std::size_t number, WalkReport& report) {
  Section& section = file.sections[number];
  const std::uint64_t pad = section.align == 8 ? 8 : 4;
  std::uint64_t at = 0;
  while (section.size - at >= 12) {
    if (!input.may_continue()) return;
    const ByteView header = input.at(section.offset + at, 12);
    const std::uint64_t name_bytes = file.fields.u32(header, 0);
    const std::uint64_t descriptor_bytes = file.fields.u32(header, 4);
    const std::uint64_t descriptor_at = (at + 12 + name_bytes + pad - 1) / pad * pad;
    const std::uint64_t next = (descriptor_at + descriptor_bytes + pad - 1) / pad * pad;
    if (descriptor_at + descriptor_bytes > section.size) {
      report.breaks("elf.note",
                    fmt::format("the note at byte {} ends behind its section {}", section.offset + at, number),
                    range_of(section));
      return;
    }
    at = std::min(next, section.size);
  }
  section.payload = Payload::checked;
}

/// unwind = (length(4), 0xFFFFFFFF: length(8)) (identifier(4) ...)*; length 0 ends it.
void check_unwind(WalkInput& input, ElfFile& file, std::size_t number, WalkReport& report) {
  const Section& section = file.sections[number];
  std::uint64_t at = 0;
  while (section.size - at >= 4) {
    if (!input.may_continue()) return;
    const ByteView header = input.at(section.offset + at, 12);
    std::uint64_t length = file.fields.u32(header, 0);
    std::uint64_t next = at + 4;
    if (length == 0) {
      at = next;
      continue;  // a terminator; linked objects may bring one each
    }
    if (length == 0xFFFFFFFF) {
      length = file.fields.u64(header, 4);
      next = at + 12;
    }
    if (next > section.size || length > section.size - next) {
      report.breaks("elf.unwind",
                    fmt::format("the unwind entry at byte {} ends behind its section {}", section.offset + at, number),
                    range_of(section));
      return;
    }
    at = next + length;
  }
}

/// compressed = type(4: 1 zlib, 2 zstd) [reserved(4)] size alignment, then the stream.
void check_compressed(WalkInput& input, ElfFile& file, std::size_t number, WalkReport& report) {
  Section& section = file.sections[number];
  const Fields& f = file.fields;
  const std::uint64_t header_bytes = f.pick(12, 24);
  const ByteView header = input.at(section.offset, static_cast<std::size_t>(header_bytes));
  const std::uint32_t method = f.u32(header, 0);
  const std::uint64_t plain_bytes = f.word(header, 4, 8);
  if (section.size < header_bytes || method == 0) {
    report.breaks("elf.compressed",
                  fmt::format("section {} is flagged as compressed and names method {}", number, method),
                  range_of(section));
    return;
  }
  if (method != 1) return;
  const Decoded decoded = decode_deflate(input, section.offset + header_bytes, section.offset + section.size,
                                         DeflateFrame::zlib, plain_bytes);
  if (decoded.end == DecodeEnd::stopped && decoded.produced_bytes <= plain_bytes) return;
  if (decoded.end != DecodeEnd::complete || decoded.produced_bytes != plain_bytes) {
    report.breaks("elf.compressed",
                  fmt::format("section {} should unpack to {} bytes, it breaks off after {}", number, plain_bytes,
                              decoded.produced_bytes),
                  range_of(section));
    return;
  }
  section.payload = Payload::checked;
}

}  // namespace

void check_contents(WalkInput& input, ElfFile& file, WalkReport& report) {
  for (std::size_t i = 0; i < file.sections.size(); ++i) {
    if (!input.may_continue()) return;
    const Section& section = file.sections[i];
    if (!section.has_bytes()) continue;
    if ((section.flags & k_flag_compressed) != 0) {
      check_compressed(input, file, i, report);
      continue;
    }
    if (section.type == k_type_symtab || section.type == k_type_dynsym) check_symbols(input, file, i, report);
    if (section.type == k_type_rela || section.type == k_type_rel) check_relocations(input, file, i, report);
    if (section.type == k_type_note) check_notes(input, file, i, report);
    if (section.is_unwind_table) check_unwind(input, file, i, report);
  }
  if (!input.stopped()) report.reach = Reach::sampled;
}

}  // namespace lastgood::formats::elf
