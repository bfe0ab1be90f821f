// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/learnt_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.h"
#include "persons/name_hints.h"

namespace lastgood::exposure {

namespace {

constexpr std::size_t k_tables_max = 20'000;
constexpr std::size_t k_columns_max = 100'000;  // of all tables of a file: some 3 KB each

/// A name alone is no person: drugs and wards have names as well.
bool is_about_persons(const LearntTable& table, const std::vector<persons::IdentityColumn>& identity) {
  for (std::size_t i = 0; i < identity.size(); ++i) {
    if (identity[i].is_somebody_else) continue;
    switch (identity[i].kind) {
      case persons::ColumnKind::person_name:
        if (persons::names_a_person(table.columns[i], table.name)) return true;
        break;
      case persons::ColumnKind::date_of_birth:
        if (table.judgements[i].certainty != model::Certainty::weak) return true;
        break;
      case persons::ColumnKind::other:
      case persons::ColumnKind::pincode: break;
      case persons::ColumnKind::aadhaar:
      case persons::ColumnKind::aadhaar_vid:
      case persons::ColumnKind::abha_number:
      case persons::ColumnKind::abha_address:
      case persons::ColumnKind::pan:
      case persons::ColumnKind::hospital_number:
      case persons::ColumnKind::phone:
      case persons::ColumnKind::email: return true;
    }
  }
  return false;
}

}  // namespace

std::string numbering_of(std::string_view column, std::string_view table) {
  std::string compact;
  for (const char c : persons::folded_name(column))
    if (c != '_') compact += c;
  constexpr std::array<std::string_view, 7> k_patient = {"patientid", "patid",         "pid",        "patientno",
                                                         "patno",     "patientnumber", "patientcode"};
  const bool is_own_id = compact == "id" && persons::hinted_kind(column, table) == persons::ColumnKind::hospital_number;
  if (is_own_id || std::find(k_patient.begin(), k_patient.end(), compact) != k_patient.end()) return "patientid";
  for (const std::string_view end : {"number", "num", "no"})
    if (compact.size() > end.size() + 2 && compact.ends_with(end))
      return compact.substr(0, compact.size() - end.size());
  return compact;
}

LearntTable* LearntTables::find_or_add(const tables::TableHead& head) {
  std::string key(head.database);
  key += '\0';
  key += head.name;
  for (const std::string& column : head.columns) {
    key += '\0';
    key += column;
  }
  const auto at = tables_.find(key);
  if (at != tables_.end()) return &at->second;
  if (tables_.size() >= k_tables_max || columns_ + head.columns.size() > k_columns_max) return nullptr;
  LearntTable& table = tables_[std::move(key)];
  table.database = head.database;
  table.name = head.name;
  table.columns.assign(head.columns.begin(), head.columns.end());
  table.statistics.resize(table.columns.size());
  columns_ += table.columns.size();
  return &table;
}

void LearntTables::decide(const std::string& label, const FileRules& rules) {
  for (auto& [key, table] : tables_) {
    std::vector<persons::IdentityColumn> identity;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const std::string& name = table.columns[i];
      table.judgements.push_back(persons::decide_column(table.statistics[i], name, table.name));
      const persons::ColumnJudgement& judged = table.judgements.back();
      persons::IdentityColumn column{.kind = judged.kind,
                                     .day_place = judged.day_place,
                                     .space = {},
                                     .is_somebody_else = persons::names_somebody_else(name)};
      if (judged.kind == persons::ColumnKind::hospital_number) {
        column.space = numbering_of(name, table.name);
        const bool is_same = rules.same_numbers.contains(column.space);
        if (is_same) column.space = "same";
        if (judged.is_counter && !is_same) column.space += " of " + (table.database.empty() ? label : table.database);
      }
      identity.push_back(std::move(column));
    }
    table.examples.resize(table.columns.size());
    if (is_about_persons(table, identity))
      table.reader = std::make_unique<persons::RowReader>(std::move(identity), rules.secret);
  }
}

std::vector<std::string> LearntTables::broken_promises() const {
  constexpr std::uint64_t k_enough_values = 5;
  std::vector<std::string> out;
  for (const auto& [key, table] : tables_) {
    for (std::size_t i = 0; i < table.judgements.size() && table.reader == nullptr; ++i) {
      const persons::ColumnKind promised = persons::hinted_kind(table.columns[i], table.name);
      const bool is_identifier =
          promised == persons::ColumnKind::aadhaar || promised == persons::ColumnKind::aadhaar_vid ||
          promised == persons::ColumnKind::abha_number || promised == persons::ColumnKind::hospital_number ||
          promised == persons::ColumnKind::date_of_birth;
      if (!is_identifier || table.statistics[i].present < k_enough_values) continue;
      out.push_back(
          fmt::format("persons.column: the name of column '{}' promises {}, its {} values do not look so: who "
                      "is in them was not counted",
                      base::printable(table.columns[i]), persons::name_of(promised), table.statistics[i].present));
    }
  }
  return out;
}

bool LearntTables::speaks_of_persons() const {
  return std::any_of(tables_.begin(), tables_.end(), [](const auto& entry) { return entry.second.reader != nullptr; });
}

}  // namespace lastgood::exposure
