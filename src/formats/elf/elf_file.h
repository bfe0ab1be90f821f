// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the parts of the ELF walker share: one file's tables as plain values.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats::elf {

enum class Width : std::uint8_t { bits32, bits64 };
enum class Order : std::uint8_t { little, big };

/// Reads the fields of one file, whose class and byte order its first bytes say.
struct Fields {
  Width width = Width::bits64;
  Order order = Order::little;

  [[nodiscard]] std::uint16_t u16(base::ByteView view, std::uint64_t at) const {
    return order == Order::little ? view.le16(at) : view.be16(at);
  }
  [[nodiscard]] std::uint32_t u32(base::ByteView view, std::uint64_t at) const {
    return order == Order::little ? view.le32(at) : view.be32(at);
  }
  [[nodiscard]] std::uint64_t u64(base::ByteView view, std::uint64_t at) const {
    return order == Order::little ? view.le64(at) : view.be64(at);
  }
  /// An address, offset or size: 4 bytes at `at32` or 8 at `at64`.
  [[nodiscard]] std::uint64_t word(base::ByteView view, std::uint64_t at32, std::uint64_t at64) const {
    return width == Width::bits32 ? u32(view, at32) : u64(view, at64);
  }
  [[nodiscard]] std::uint64_t pick(std::uint64_t in32, std::uint64_t in64) const {
    return width == Width::bits32 ? in32 : in64;
  }
};

enum : std::uint32_t {
  k_type_null = 0,
  k_type_progbits = 1,
  k_type_symtab = 2,
  k_type_strtab = 3,
  k_type_rela = 4,
  k_type_dynamic = 6,
  k_type_note = 7,
  k_type_nobits = 8,
  k_type_rel = 9,
  k_type_dynsym = 11,
  k_type_x86_unwind = 0x70000001,
};
inline constexpr std::uint64_t k_flag_alloc = 2;
inline constexpr std::uint64_t k_flag_exec = 4;
inline constexpr std::uint64_t k_flag_compressed = 0x800;

/// What a section's name or flags say about its bytes.
enum class Payload : std::uint8_t { unnamed, plain, compressed, checked };

struct Section {
  std::uint32_t name = 0;
  std::uint32_t type = 0;
  std::uint64_t flags = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint32_t link = 0;
  std::uint32_t info = 0;
  std::uint64_t align = 0;
  std::uint64_t entry_bytes = 0;
  Payload payload = Payload::unnamed;
  bool is_unwind_table = false;

  [[nodiscard]] bool has_bytes() const { return type != k_type_null && type != k_type_nobits && size != 0; }
};

struct Segment {
  std::uint32_t type = 0;
  std::uint64_t offset = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t align = 0;
};

struct ElfFile {
  Fields fields;
  std::uint16_t type = 0;
  std::uint64_t segments_at = 0;
  std::uint64_t segment_count = 0;
  std::uint64_t sections_at = 0;
  std::uint64_t section_count = 0;
  std::uint32_t names_section = 0;
  std::vector<Section> sections;
  std::vector<Segment> segments;
  std::uint64_t end = 0;  // furthest byte any table names
};

/// elf_sections.cpp: each section lies inside the file, links to existing ones, has the entry size of its type.
void check_sections(WalkInput& input, ElfFile& file, WalkReport& report);
/// elf_contents.cpp: symbols, relocations, notes, unwind tables and compressed sections, entry by entry.
void check_contents(WalkInput& input, ElfFile& file, WalkReport& report);
/// elf_payload.cpp: recognises what tools append behind an ELF file; allows it in the report.
void explain_payload(WalkInput& input, const ElfFile& file, WalkReport& report);

}  // namespace lastgood::formats::elf
