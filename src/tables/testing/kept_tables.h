// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Keeps what a reader of tables gives, for tests.
#pragma once

#include <string>
#include <vector>

#include "base/byte_source.h"
#include "tables/read_tables.h"

namespace lastgood::tables {

class KeptTables final : public TableSink {
 public:
  struct Table {
    std::string name;
    std::string database;
    std::vector<std::string> columns;
    std::vector<std::vector<std::string>> rows;
  };
  void begin_table(const TableHead& head) override {
    tables.push_back({.name = std::string(head.name),
                      .database = std::string(head.database),
                      .columns = {head.columns.begin(), head.columns.end()},
                      .rows = {}});
  }
  [[nodiscard]] bool row(std::span<const std::string_view> values) override {
    tables.back().rows.emplace_back(values.begin(), values.end());
    return ++row_count < rows_max;
  }
  void finding(model::Finding finding) override { findings.push_back(std::move(finding)); }
  [[nodiscard]] bool has(std::string_view rule) const {
    for (const model::Finding& finding : findings)
      if (finding.rule == rule) return true;
    return false;
  }

  std::vector<Table> tables;
  std::vector<model::Finding> findings;
  std::size_t row_count = 0;
  std::size_t rows_max = SIZE_MAX;
};

inline FoundContent content_of(std::string_view text, std::string_view name) {
  return find_content(text.substr(0, k_content_head_bytes),
                      text.size() <= k_content_head_bytes ? HeadEnd::whole : HeadEnd::cut, name);
}

inline KeptTables tables_of(std::string_view text, std::string_view name) {
  KeptTables kept;
  base::MemorySource source{base::ByteView(text)};
  const base::Status status = read_tables(source, content_of(text, name), kept);
  if (!status.ok()) kept.findings.push_back({.rule = "test.status", .sentence = status.error().what});
  return kept;
}

}  // namespace lastgood::tables
