// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tables inside a PE image. Specification: Microsoft "PE Format", ".reloc Section", "CheckSum"; ECMA-335, II.25.3.3.
#include <algorithm>

#include <fmt/format.h>

#include "formats/pe/pe_file.h"

namespace lastgood::formats::pe {

namespace {

using base::ByteView;

/// Offset in the file of an address in memory; 0 when no section's bytes hold it.
std::uint64_t file_offset(const PeFile& file, std::uint64_t address) {
  for (const Section& section : file.sections) {
    if (address >= section.memory_from && address - section.memory_from < section.file_bytes)
      return section.from + (address - section.memory_from);
  }
  return 0;
}

/// relocations = (page(4) size(4) entry(2)*)*: blocks tile the directory.
void check_relocations(WalkInput& input, const PeFile& file, WalkReport& report) {
  const std::uint64_t from = file_offset(file, file.relocations.at);
  if (from == 0 || file.relocations.bytes == 0 ||
      file.relocations.bytes > input.size_bytes() - std::min(from, input.size_bytes()))
    return;
  std::uint64_t at = 0;
  while (file.relocations.bytes - at >= 8) {
    if (!input.may_continue()) return;
    const ByteView header = input.at(from + at, 8);
    const std::uint64_t size = header.le32(4);
    if (size == 0 && header.le32(0) == 0) return;  // padding
    if (size < 8 || size > file.relocations.bytes - at) {
      report.breaks("pe.relocations",
                    fmt::format("the relocation block at byte {} has {} bytes of the {} left", from + at, size,
                                file.relocations.bytes - at),
                    {.from = from + at, .to = from + file.relocations.bytes});
      return;
    }
    at += size;
  }
}

/// The CLR header (72 bytes) points at the metadata, which begins with "BSJB".
void check_clr(WalkInput& input, const PeFile& file, WalkReport& report) {
  const std::uint64_t from = file_offset(file, file.clr.at);
  if (from == 0 || file.clr.bytes == 0) return;
  const ByteView header = input.at(from, 72);
  const std::uint64_t metadata = file_offset(file, header.le32(8));
  if (header.le32(0) == 72 && metadata != 0 && input.at(metadata, 4).matches(0, "BSJB")) {
    report.format = "dotnet";
    return;
  }
  report.breaks("pe.clr", fmt::format("the .NET header at byte {} does not lead to metadata", from),
                {.from = from, .to = std::min(from + 72, input.size_bytes())});
}

}  // namespace

void check_tables(WalkInput& input, const PeFile& file, WalkReport& report) {
  const bool packed =
      std::any_of(file.sections.begin(), file.sections.end(), [](const Section& section) { return section.is_packed; });
  if (packed) return;
  check_relocations(input, file, report);
  check_clr(input, file, report);
}

/// The sum of all 16-bit words but the field's own, folded to 16 bits, plus the size.
bool checksum_fits(WalkInput& input, const PeFile& file) {
  const std::uint32_t stored = input.at(file.checksum_at, 4).le32(0);
  if (stored == 0) return false;
  std::uint64_t sum = 0;
  for (std::uint64_t at = 0; at < input.size_bytes(); at += k_edge_bytes) {
    if (!input.may_continue(16)) return false;
    const ByteView piece = input.at(at, k_edge_bytes);
    const std::uint8_t* bytes = piece.begin();
    const std::size_t words = piece.size() / 2 * 2;
    for (std::size_t i = 0; i < words; i += 2) sum += bytes[i] | (std::uint32_t{bytes[i + 1]} << 8U);
    if (words < piece.size()) sum += bytes[words];
  }
  // The field lies on an even offset in all but hand-made files.
  sum -= (stored & 0xFFFFU) + (stored >> 16U);
  while ((sum >> 16U) != 0) sum = (sum & 0xFFFFU) + (sum >> 16U);
  return static_cast<std::uint32_t>(sum + input.size_bytes()) == stored;
}

}  // namespace lastgood::formats::pe
