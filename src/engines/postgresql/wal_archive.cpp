// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Names and page headers: access/xlog_internal.h.
#include "engines/postgresql/wal_archive.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/byte_view.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_name_letters = 24;
constexpr std::size_t k_history_bytes_max = std::size_t{1} << 20U;

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
}

}  // namespace

bool is_segment(base::ByteSource& source, std::string_view name) {
  std::array<std::uint8_t, 40> head{};
  const auto got = source.read(0, head);
  if (!got.ok() || got.value() < head.size()) return false;
  const base::ByteView bytes{std::span<const std::uint8_t>(head)};
  const bool has_magic = bytes.u8(1) == 0xD0 || bytes.u8(1) == 0xD1;
  const std::uint32_t segment_bytes = bytes.le32(32);
  if (!has_magic || segment_bytes < (1U << 20U) || segment_bytes > (1U << 30U)) return false;
  const std::uint64_t high = std::stoull(std::string(name.substr(8, 8)), nullptr, 16);
  const std::uint64_t low = std::stoull(std::string(name.substr(16, 8)), nullptr, 16);
  return bytes.le64(8) == (high << 32U) + low * segment_bytes;
}

std::string archived_name(std::string_view name) {
  if (name.ends_with(".partial")) name.remove_suffix(8);
  if (name.size() == k_name_letters && is_hexadecimal(name)) return std::string(name);
  if (name.size() == 16 && name.ends_with(".history") && is_hexadecimal(name.substr(0, 8))) return std::string(name);
  return {};
}

base::Status put_archive(const UnitView& archive, os::ScratchTree& data, ScratchStart& start) {
  LG_ASSIGN(std::vector<UnitEntry> entries, archive.list({}));
  // Whole segments come after partial ones of the same name and replace them.
  std::sort(entries.begin(), entries.end(), [](const UnitEntry& a, const UnitEntry& b) {
    const bool a_partial = a.name.ends_with(".partial");
    const bool b_partial = b.name.ends_with(".partial");
    return a_partial != b_partial ? a_partial : a.name < b.name;
  });
  std::size_t others = 0;
  for (const UnitEntry& entry : entries) {
    const std::string name = archived_name(entry.name);
    if (name.empty() || entry.kind != model::EntryKind::regular) {
      if (!entry.name.ends_with(".backup")) ++others;
      continue;
    }
    const auto source = archive.open(entry.name);
    const bool is_history = name.ends_with(".history");
    const bool is_good = source.ok() && (is_history ? source.value()->size_bytes() <= k_history_bytes_max
                                                    : is_segment(*source.value(), name));
    if (!is_good) {
      start.left_out.push_back(
          fmt::format("log {}: not readable as a segment of the write-ahead log", base::printable(entry.name)));
      continue;
    }
    LG_TRY(data.remove("pg_wal/" + name));
    const base::Status put = data.write_file("pg_wal/" + name, *source.value());
    if (put.ok()) continue;
    if (put.error().code == base::ErrorCode::no_space) return put.error();
    LG_TRY(data.remove("pg_wal/" + name));
    start.left_out.push_back(fmt::format("log {}: {}", base::printable(entry.name), put.error().what));
  }
  if (others > 0)
    start.left_out.push_back(
        fmt::format("{} files among the logs that are none of PostgreSQL's by their names", others));
  return base::Done{};
}

}  // namespace lastgood::engines::postgresql
