// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/catalogue.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/checksum.h"

namespace lastgood::engines::postgresql {

using base::ByteView;

RelationMap parse_relation_map(ByteView bytes) {
  constexpr std::uint32_t k_magic = 0x592717;
  constexpr std::uint32_t k_pg_class = 1259;
  constexpr std::uint32_t k_pg_database = 1262;
  RelationMap map;
  // 62 entries before PostgreSQL 16, 64 from it on; the sum stands behind them.
  for (const std::uint64_t sum_at : {std::uint64_t{8 + 62 * 8}, std::uint64_t{8 + 64 * 8}}) {
    if (bytes.has(0, sum_at + 4) && bytes.le32(0) == k_magic &&
        base::crc32c(bytes.part(0, sum_at)) == bytes.le32(sum_at))
      map.is_sound = true;
  }
  if (!map.is_sound) return map;
  const std::uint32_t count = std::min<std::uint32_t>(bytes.le32(4), 64);
  constexpr std::array<std::uint32_t, 6> k_never_empty = {k_pg_class, 1249, 1247, 1255, k_pg_database, 1260};
  for (std::uint64_t i = 0; i < count; ++i) {
    if (std::find(k_never_empty.begin(), k_never_empty.end(), bytes.le32(8 + 8 * i)) != k_never_empty.end())
      map.never_empty.push_back(bytes.le32(12 + 8 * i));
    if (bytes.le32(8 + 8 * i) == k_pg_class) map.pg_class = bytes.le32(12 + 8 * i);
    if (bytes.le32(8 + 8 * i) == k_pg_database) map.pg_database = bytes.le32(12 + 8 * i);
  }
  return map;
}

namespace {

template <typename Visit>
void visit_tuples(ByteView page, Visit visit) {
  const std::uint64_t lower = std::min<std::uint64_t>(page.le16(12), page.size());
  for (std::uint64_t at = 24; at + 4 <= lower; at += 4) {
    const std::uint32_t pointer = page.le32(at);
    if ((pointer >> 15 & 3) == 1) visit(page.part(pointer & 0x7FFF, pointer >> 17));
  }
}

bool is_certainly_live(ByteView tuple) {
  constexpr std::uint16_t k_xmin_committed = 0x0100;
  constexpr std::uint16_t k_xmax_invalid = 0x0800;
  const std::uint16_t mask = tuple.le16(20);
  return (mask & k_xmin_committed) != 0 && (mask & k_xmax_invalid) != 0;
}

constexpr std::uint64_t k_row_bytes_min = 116;  // of pg_class

std::string name_in(ByteView row) {
  const std::string_view name = row.part(4, 64).text();
  return std::string(name.substr(0, name.find('\0')));
}

}  // namespace

std::vector<DatabaseRow> parse_database_page(ByteView page) {
  std::vector<DatabaseRow> rows;
  visit_tuples(page, [&](ByteView tuple) {
    const ByteView row = tuple.part(tuple.u8(22));
    if (is_certainly_live(tuple) && row.has(0, 68)) rows.push_back({.name = name_in(row), .number = row.le32(0)});
  });
  return rows;
}

std::vector<CatalogueRow> parse_catalogue_page(ByteView page) {
  constexpr std::string_view k_kinds_with_file = "riStm";
  std::vector<CatalogueRow> rows;
  visit_tuples(page, [&](ByteView tuple) {
    const ByteView row = tuple.part(tuple.u8(22));
    if (!is_certainly_live(tuple) || row.size() < k_row_bytes_min) return;
    const bool has_file = row.le32(88) != 0 && row.u8(114) != 't' &&
                          k_kinds_with_file.find(static_cast<char>(row.u8(115))) != std::string_view::npos;
    if (!has_file) return;
    rows.push_back({.name = name_in(row),
                    .relation_file = row.le32(88),
                    .tablespace = row.le32(k_class_tablespace_at),
                    .pages = row.le32(96),
                    .kept = row.u8(114) == 'u' ? CatalogueRow::Kept::unlogged : CatalogueRow::Kept::logged});
  });
  return rows;
}

std::vector<TableFile> parse_table_files(ByteView page) {
  std::vector<TableFile> files;
  visit_tuples(page, [&](ByteView tuple) {
    const ByteView row = tuple.part(tuple.u8(22));
    if (row.size() < k_row_bytes_min || row.le32(88) == 0 || row.u8(114) == 't') return;
    if (row.u8(115) != 'r' && row.u8(115) != 'm') return;
    files.push_back({.number = row.le32(0), .relation_file = row.le32(88), .name = name_in(row)});
  });
  return files;
}

std::vector<std::uint32_t> parse_row_numbers(ByteView page, std::uint64_t at) {
  std::vector<std::uint32_t> numbers;
  visit_tuples(page, [&](ByteView tuple) {
    const ByteView row = tuple.part(tuple.u8(22));
    if (row.has(at, 4)) numbers.push_back(row.le32(at));
  });
  return numbers;
}

}  // namespace lastgood::engines::postgresql
