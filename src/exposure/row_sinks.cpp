// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/row_sinks.h"

namespace lastgood::exposure {

namespace {

constexpr std::size_t k_examples = 3;

}  // namespace

void Counter::keep_examples(std::span<const std::string_view> values) {
  for (std::size_t i = 0; i < table_->examples.size() && i < values.size(); ++i) {
    const persons::ColumnKind kind = table_->judgements[i].kind;
    if (kind == persons::ColumnKind::other || table_->examples[i].size() == k_examples) continue;
    if (persons::normal_value(kind, table_->judgements[i].day_place, values[i]).empty()) continue;
    table_->examples[i].push_back(persons::masked(values[i]));
  }
}

void give_tables(LearntTables& learnt, const std::string& path, std::string_view kind, CopyOf copy_of,
                 SharedCount& count) {
  for (auto& [key, table] : learnt.tables()) {
    if (table.reader == nullptr) continue;
    TableResult result{.path = path,
                       .kind = std::string(kind),
                       .database = table.database,
                       .name = table.name,
                       .files = 1,
                       .rows = table.rows,
                       .person_rows = table.person_rows,
                       .columns = table.columns.size(),
                       .in_encrypted = copy_of == CopyOf::encrypted,
                       .recognised = {}};
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      persons::ColumnJudgement& judged = table.judgements[i];
      if (judged.kind == persons::ColumnKind::other) continue;
      result.recognised.push_back(
          {.name = table.columns[i],
           .kind = judged.kind,
           .certainty = judged.certainty,
           .reasons = std::move(judged.reasons),
           .values = table.statistics[i].values,
           .present = table.statistics[i].present,
           .distinct_about = static_cast<std::uint64_t>(table.statistics[i].distinct.estimate() + 0.5),
           .examples = std::move(table.examples[i])});
    }
    count.add_table(std::move(result));
  }
}

}  // namespace lastgood::exposure
