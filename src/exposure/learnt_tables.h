// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The tables of one file: statistics of their columns in the first reading, decisions after it, rows in the second.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "exposure/read_file.h"
#include "persons/column_recognition.h"
#include "persons/row_identity.h"
#include "tables/table_sink.h"

namespace lastgood::exposure {

struct LearntTable {
  std::string database;
  std::string name;
  std::vector<std::string> columns;
  std::vector<persons::ColumnStatistics> statistics;
  std::uint64_t rows = 0;

  // After `decide`.
  std::vector<persons::ColumnJudgement> judgements;
  std::unique_ptr<persons::RowReader> reader;  // nullptr: nothing of persons
  std::uint64_t person_rows = 0;
  std::vector<std::vector<std::string>> examples;  // masked, of each column
};

/// One thread.
class LearntTables {
 public:
  /// nullptr: the file has more tables than are kept.
  LearntTable* find_or_add(const tables::TableHead& head);
  /// `label`: what the file's databases are called where it does not say: its folder or its own name.
  void decide(const std::string& label, const FileRules& rules);
  [[nodiscard]] bool speaks_of_persons() const;
  /// Of tables that speak of no persons: columns whose name promises an identifier and whose values are none. A number
  /// that a spreadsheet spoiled is nobody's, and no reason to say that nobody is there.
  [[nodiscard]] std::vector<std::string> broken_promises() const;
  [[nodiscard]] std::map<std::string, LearntTable>& tables() { return tables_; }

 private:
  std::map<std::string, LearntTable> tables_;  // by names
  std::size_t columns_ = 0;
};

/// What a numbering is called: "mrn"; one name for all spellings of a patient's own id. Pure.
[[nodiscard]] std::string numbering_of(std::string_view column, std::string_view table);

}  // namespace lastgood::exposure
