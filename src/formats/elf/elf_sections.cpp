// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Section headers of an ELF file. Specification: gABI 4.1, chapter 4, "Sections".
#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "formats/elf/elf_file.h"

namespace lastgood::formats::elf {

namespace {

using base::ByteView;
using model::ByteRange;

/// Sections whose bytes look random by nature: compressed debug data, link-time code, bitcode, device code.
constexpr std::array k_compressed_names = {std::string_view(".zdebug_"),    std::string_view(".gnu_debugdata"),
                                           std::string_view(".gnu.lto_"),   std::string_view(".gnu.debuglto_"),
                                           std::string_view(".rustc"),      std::string_view(".nv_fatbin"),
                                           std::string_view("__nv_relfat"), std::string_view(".llvmbc"),
                                           std::string_view(".llvm.lto"),   std::string_view(".hip_fatbin")};

bool starts_with_any(std::string_view name) {
  return std::any_of(k_compressed_names.begin(), k_compressed_names.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

Payload payload_of(const Section& section, std::string_view name) {
  if ((section.flags & k_flag_compressed) != 0 || starts_with_any(name)) return Payload::compressed;
  if ((section.flags & k_flag_exec) != 0 || name.starts_with(".debug_") || name == ".eh_frame") return Payload::plain;
  if (section.type != k_type_progbits && section.type < 0x60000000) return Payload::plain;
  return Payload::unnamed;
}

/// Size of one entry where the type fixes it; 0 where it does not.
std::uint64_t entry_bytes_of(const Fields& fields, std::uint32_t type) {
  switch (type) {
    case k_type_symtab:
    case k_type_dynsym: return fields.pick(16, 24);
    case k_type_rela: return fields.pick(12, 24);
    case k_type_rel: return fields.pick(8, 16);
    case k_type_dynamic: return fields.pick(8, 16);
    default: return 0;
  }
}

/// What is wrong with a section header; empty when nothing is.
std::string find_fault(const ElfFile& file, const Section& section, std::uint64_t size_bytes) {
  if (section.type == k_type_null) return "";
  if ((section.align & (section.align - 1)) != 0) return fmt::format("alignment {} is no power of two", section.align);
  if (section.link >= file.section_count)
    return fmt::format("it links to section {} of {}", section.link, file.section_count);
  if (section.type == k_type_nobits) return "";
  if (section.offset > size_bytes || section.size > size_bytes - section.offset) {
    return fmt::format("{} bytes at byte {} leave the file's {} bytes", section.size, section.offset, size_bytes);
  }
  const std::uint64_t entry_bytes = entry_bytes_of(file.fields, section.type);
  const bool is_compressed = (section.flags & k_flag_compressed) != 0;
  if (entry_bytes != 0 && section.size != 0 && !is_compressed &&
      (section.entry_bytes != entry_bytes || section.size % entry_bytes != 0)) {
    return fmt::format("{} bytes in entries of {}, its type has entries of {}", section.size, section.entry_bytes,
                       entry_bytes);
  }
  return "";
}

/// A string table begins and ends with NUL.
bool ends_hold(WalkInput& input, const Section& section) {
  return input.at(section.offset, 1).u8(0) == 0 && input.at(section.offset + section.size - 1, 1).u8(0) == 0;
}

void check_names(WalkInput& input, ElfFile& file, WalkReport& report) {
  if (file.names_section == 0 || file.sections.empty()) return;
  if (file.names_section >= file.sections.size() || file.sections[file.names_section].type != k_type_strtab) {
    report.breaks("elf.names",
                  fmt::format("section {} should hold the names of {} sections and is no string table",
                              file.names_section, file.sections.size()),
                  {.from = 0, .to = file.fields.pick(52, 64)});
    return;
  }
  const Section& names = file.sections[file.names_section];
  if (names.size > k_window_bytes || (names.flags & k_flag_compressed) != 0) return;
  const ByteView text = input.at(names.offset, static_cast<std::size_t>(names.size));
  for (std::size_t i = 0; i < file.sections.size(); ++i) {
    Section& section = file.sections[i];
    if (section.type == k_type_null) continue;
    const std::size_t end =
        section.name < text.size() ? text.find(std::string_view("\0", 1), section.name) : ByteView::npos;
    if (end == ByteView::npos) {
      report.breaks(
          "elf.names",
          fmt::format("the name of section {} stands at byte {} of {} bytes of names", i, section.name, names.size),
          {.from = names.offset, .to = names.offset + names.size});
      return;
    }
    const std::string_view name = text.text().substr(section.name, end - section.name);
    section.payload = payload_of(section, name);
    section.is_unwind_table = name == ".eh_frame";
  }
}

}  // namespace

void check_sections(WalkInput& input, ElfFile& file, WalkReport& report) {
  const std::uint64_t entry_bytes = file.fields.pick(40, 64);
  std::size_t faults = 0;
  for (std::size_t i = 0; i < file.sections.size(); ++i) {
    Section& section = file.sections[i];
    const std::string fault = find_fault(file, section, input.size_bytes());
    if (!fault.empty()) {
      const ByteRange entry{.from = file.sections_at + i * entry_bytes, .to = file.sections_at + (i + 1) * entry_bytes};
      report.breaks("elf.section", fmt::format("section {} of {}: {}", i, file.sections.size(), fault), entry);
      if (++faults == 8) return;
      continue;
    }
    if (section.has_bytes()) file.end = std::max(file.end, section.offset + section.size);
  }
  if (faults != 0) return;
  check_names(input, file, report);
  for (std::size_t i = 0; i < file.sections.size() && input.may_continue(); ++i) {
    const Section& section = file.sections[i];
    if (section.type != k_type_strtab || section.size == 0 || (section.flags & k_flag_compressed) != 0) continue;
    if (!ends_hold(input, section)) {
      report.breaks("elf.strings", fmt::format("string table {} does not begin and end with NUL", i),
                    {.from = section.offset, .to = section.offset + section.size});
    }
  }
}

}  // namespace lastgood::formats::elf
