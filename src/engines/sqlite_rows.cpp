// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/sqlite_rows.h"

#include <fmt/format.h>

#include "engines/sqlite/sqlite_session.h"

namespace lastgood::engines {

namespace {

constexpr std::size_t k_tables_max = 10'000;
constexpr std::size_t k_columns_max = 2000;  // SQLite's own limit

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    out += c;
    if (c == '"') out += '"';
  }
  return out + '"';
}

}  // namespace

base::Status read_sqlite_rows(std::vector<std::uint8_t> image, SqliteRowSink& sink) {
  LG_ASSIGN(sqlite::SqliteSession session, sqlite::SqliteSession::open(std::move(image)));
  std::vector<std::string> tables;
  LG_TRY(
      session.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                    "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
                    [&](const sqlite::SqliteRow& row) {
                      tables.push_back(row.text(0));
                      return tables.size() < k_tables_max;
                    }));
  for (const std::string& table : tables) {
    if (table.find('\0') != std::string::npos) continue;
    std::vector<std::string> columns;
    const base::Status described =
        session.query(fmt::format("PRAGMA table_info({})", quoted_name(table)), [&](const sqlite::SqliteRow& row) {
          columns.push_back(row.text(1));
          return columns.size() < k_columns_max;
        });
    if (!described.ok()) {
      sink.broken(table, described.error());
      continue;
    }
    if (columns.empty()) continue;
    sink.begin_table(table, columns);
    std::string list;
    for (const std::string& column : columns) list += (list.empty() ? "" : ", ") + quoted_name(column);
    std::vector<std::string> values(columns.size());
    std::vector<std::string_view> views(columns.size());
    bool stopped = false;
    const base::Status read =
        session.query(fmt::format("SELECT {} FROM {}", list, quoted_name(table)), [&](const sqlite::SqliteRow& row) {
          for (std::size_t i = 0; i < values.size(); ++i) {
            values[i] = row.text(static_cast<int>(i));
            views[i] = values[i];
          }
          stopped = !sink.row(views);
          return !stopped;
        });
    if (stopped) return base::Done{};
    if (!read.ok()) sink.broken(table, read.error());
  }
  return base::Done{};
}

}  // namespace lastgood::engines
