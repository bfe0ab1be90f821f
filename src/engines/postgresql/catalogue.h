// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which relations a database says it has (pg_class), to find files that are gone. Layout: catalog/pg_class.h, whose
// fields up to relkind are the same in PostgreSQL 13 to 17; utils/cache/relmapper.c for pg_filenode.map. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::engines::postgresql {

struct RelationMap {
  bool is_sound = false;          // magic and CRC-32C fit
  std::uint32_t pg_class = 0;     // number of its file; 0: not in this map
  std::uint32_t pg_database = 0;  // the same, of the map in "global"
  /// Files of lists that are never empty: of relations, columns, types, functions; of databases and roles.
  std::vector<std::uint32_t> never_empty;
};
RelationMap parse_relation_map(base::ByteView bytes);

struct CatalogueRow {
  std::string name;
  std::uint32_t relation_file = 0;
  std::uint32_t tablespace = 0;  // 0: that of the database
  std::uint32_t pages = 0;       // as VACUUM or ANALYZE counted them last
  enum class Kept : std::uint8_t { logged, unlogged } kept = Kept::logged;
};
/// Rows of one heap page of pg_class that are certainly live and have a file of their own.
std::vector<CatalogueRow> parse_catalogue_page(base::ByteView page);

/// Of a table, also one that is not live any more: an older row names an older file.
struct TableFile {
  std::uint32_t number = 0;  // which it keeps when its file changes
  std::uint32_t relation_file = 0;
  std::string name;
};
/// Tables and materialized views of one heap page of pg_class.
std::vector<TableFile> parse_table_files(base::ByteView page);

struct DatabaseRow {
  std::string name;
  std::uint32_t number = 0;
};
/// Rows of one heap page of pg_database that are certainly live.
std::vector<DatabaseRow> parse_database_page(base::ByteView page);

/// One number of every row of a heap page, also of those that are not live: `at` is its byte in the row.
inline constexpr std::uint64_t k_class_tablespace_at = 92;  // pg_class.reltablespace
inline constexpr std::uint64_t k_oid_at = 0;                // of every catalogue, since PostgreSQL 12
std::vector<std::uint32_t> parse_row_numbers(base::ByteView page, std::uint64_t at);

}  // namespace lastgood::engines::postgresql
