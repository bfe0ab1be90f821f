// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/tiff/tiff_directory.h"

#include <algorithm>
#include <array>

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_entries_max = 4096;
constexpr std::size_t k_read_bytes = 64 * 1024;

/// Bytes per value of types 1 to 18; 0: no such type.
std::uint64_t type_bytes(std::uint32_t type) {
  constexpr std::array<std::uint8_t, 19> k_bytes = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8};
  return type < k_bytes.size() ? k_bytes[type] : 0;
}

}  // namespace

std::optional<TiffDirectory> read_tiff_directory(WalkInput& input, std::uint64_t offset, const TiffWriting& writing) {
  const std::uint64_t count_bytes = writing.is_wide ? 8 : 2;
  const std::uint64_t entry_bytes = writing.is_wide ? 20 : 12;
  const std::uint64_t offset_bytes = writing.is_wide ? 8 : 4;
  const ByteView count_field = input.at(offset, static_cast<std::size_t>(count_bytes));
  const std::uint64_t count = writing.is_wide ? writing.u64(count_field, 0) : writing.u16(count_field, 0);
  if (count_field.size() < count_bytes || count == 0 || count > k_entries_max) return std::nullopt;
  TiffDirectory directory{
      .from = offset, .to = offset + count_bytes + count * entry_bytes + offset_bytes, .entries = {}, .bad_entry = {}};
  const ByteView table = input.at(offset + count_bytes, static_cast<std::size_t>(count * entry_bytes + offset_bytes));
  // Some writers leave the last offset out when the directory stands at the very end.
  if (table.size() < count * entry_bytes) return std::nullopt;
  directory.to = std::min(directory.to, input.size_bytes());
  directory.next = writing.offset(table, count * entry_bytes);
  for (std::uint64_t i = 0; i < count; ++i) {
    const ByteView field = table.part(i * entry_bytes, entry_bytes);
    TiffEntry entry{.tag = static_cast<std::uint32_t>(writing.u16(field, 0)),
                    .type = static_cast<std::uint32_t>(writing.u16(field, 2)),
                    .count = writing.is_wide ? writing.u64(field, 4) : writing.u32(field, 4)};
    const std::uint64_t each = type_bytes(entry.type);
    if (each == 0) {
      // Type 0 and private types are skipped by every reader; two in a row of random ones are caught by the counts.
      if (entry.type > 255 && !directory.bad_entry) directory.bad_entry = offset + count_bytes + i * entry_bytes;
      continue;
    }
    const bool fits = entry.count <= input.size_bytes() / each;
    entry.values_bytes = fits ? entry.count * each : 0;
    const std::uint64_t value_field = offset + count_bytes + i * entry_bytes + (writing.is_wide ? 12 : 8);
    entry.values_from =
        entry.values_bytes <= offset_bytes ? value_field : writing.offset(field, writing.is_wide ? 12 : 8);
    const bool lies_inside =
        fits && entry.values_from <= input.size_bytes() && entry.values_bytes <= input.size_bytes() - entry.values_from;
    if (!lies_inside) {
      if (!directory.bad_entry) directory.bad_entry = offset + count_bytes + i * entry_bytes;
      continue;
    }
    directory.entries.push_back(entry);
  }
  return directory;
}

std::vector<std::uint64_t> read_tiff_values(WalkInput& input, const TiffEntry& entry, const TiffWriting& writing,
                                            std::uint64_t values_max) {
  std::vector<std::uint64_t> values;
  const std::uint64_t each = type_bytes(entry.type);
  if (each == 0) return values;
  const std::uint64_t count = std::min(entry.count, values_max);
  std::uint64_t at = entry.values_from;
  while (values.size() < count && input.may_continue()) {
    const std::uint64_t left = (count - values.size()) * each;
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(left, k_read_bytes)));
    if (piece.size() < each) break;
    for (std::size_t i = 0; i + each <= piece.size(); i += each) {
      if (each == 1) values.push_back(piece.u8(i));
      if (each == 2) values.push_back(writing.u16(piece, i));
      if (each == 4) values.push_back(writing.u32(piece, i));
      if (each == 8) values.push_back(writing.u64(piece, i));
    }
    at += piece.size() / each * each;
  }
  return values;
}

}  // namespace lastgood::formats
