// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes every reader of tables, whatever the content is, and what is made of the rows: rows have the width of their
// head, and deciding columns and reading identities never fails.
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "persons/column_recognition.h"
#include "persons/row_identity.h"
#include "tables/read_tables.h"

namespace {

using namespace lastgood;

class CheckedSink final : public tables::TableSink {
 public:
  void begin_table(const tables::TableHead& head) override {
    decide();
    LG_ASSERT(head.columns.size() <= tables::k_columns_max);
    table_ = head.name;
    columns_.assign(head.columns.begin(), head.columns.end());
    statistics_.assign(std::min<std::size_t>(columns_.size(), 32), {});
  }
  [[nodiscard]] bool row(std::span<const std::string_view> values) override {
    LG_ASSERT(values.size() == columns_.size());
    for (std::size_t i = 0; i < statistics_.size(); ++i) statistics_[i].see(values[i]);
    for (const std::string_view value : values.first(statistics_.size())) {
      for (std::size_t kind = 0; kind < persons::k_column_kinds; ++kind)
        (void)persons::normal_value(static_cast<persons::ColumnKind>(kind), persons::DayPlace::second, value);
      LG_ASSERT(persons::masked(value).size() <= 64);
    }
    (void)reader_.read(values);
    return ++rows_ < 2000;
  }
  void finding(model::Finding finding) override { LG_ASSERT(!finding.rule.empty()); }
  void decide() {
    for (std::size_t i = 0; i < statistics_.size(); ++i) {
      const persons::ColumnJudgement judged = persons::decide_column(statistics_[i], columns_[i], table_);
      LG_ASSERT(judged.kind == persons::ColumnKind::other || !judged.reasons.empty());
    }
  }

 private:
  std::string table_;
  std::vector<std::string> columns_;
  std::vector<persons::ColumnStatistics> statistics_;
  persons::RowReader reader_{{{.kind = persons::ColumnKind::hospital_number},
                              {.kind = persons::ColumnKind::aadhaar},
                              {.kind = persons::ColumnKind::person_name},
                              {.kind = persons::ColumnKind::date_of_birth},
                              {.kind = persons::ColumnKind::phone},
                              {.kind = persons::ColumnKind::email}},
                             persons::PersonSecret{1}};
  std::size_t rows_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const base::ByteView bytes(std::span<const std::uint8_t>(data, size));
  for (const char* name : {"x", "x.csv", "x.sql"}) {
    tables::FoundContent found = tables::find_content(bytes.text(), tables::HeadEnd::whole, name);
    base::MemorySource source(bytes);
    CheckedSink sink;
    LG_ASSERT(tables::read_tables(source, found, sink).ok());
    sink.decide();
  }
  return 0;
}
