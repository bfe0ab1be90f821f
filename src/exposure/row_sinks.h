// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What becomes of rows, wherever they come from: learnt in the first reading, counted in the second.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "exposure/learnt_tables.h"
#include "exposure/read_file.h"
#include "exposure/shared_count.h"
#include "tables/table_sink.h"

namespace lastgood::exposure {

inline constexpr std::size_t k_findings_max = 20;  // of one file
inline constexpr std::size_t k_rows_between_looks = 4096;

/// The first reading: statistics only.
class Learner final : public tables::TableSink {
 public:
  Learner(LearntTables& tables, const FileRules& rules) : tables_(tables), rules_(rules) {}

  void begin_table(const tables::TableHead& head) override {
    table_ = tables_.find_or_add(head);
    if (table_ == nullptr) left_out_ = true;
  }
  [[nodiscard]] bool row(std::span<const std::string_view> values) override {
    if (++rows_ % k_rows_between_looks == 0 && rules_.cancelled()) return false;
    if (table_ == nullptr) return true;
    ++table_->rows;
    const std::size_t count = std::min(values.size(), table_->statistics.size());
    for (std::size_t i = 0; i < count; ++i) table_->statistics[i].see(values[i]);
    return true;
  }
  void finding(model::Finding finding) override {
    if (findings.size() < k_findings_max) findings.push_back(std::move(finding));
  }
  [[nodiscard]] bool left_out() const { return left_out_; }

  std::vector<model::Finding> findings;

 private:
  LearntTables& tables_;
  const FileRules& rules_;
  LearntTable* table_ = nullptr;
  std::uint64_t rows_ = 0;
  bool left_out_ = false;
};

/// The second: whose rows these are.
class Counter final : public tables::TableSink {
 public:
  Counter(LearntTables& tables, const FileBases& bases, const FileRules& rules, SharedCount& count)
      : tables_(tables), bases_(bases), rules_(rules), count_(count) {}

  void begin_table(const tables::TableHead& head) override { table_ = tables_.find_or_add(head); }
  [[nodiscard]] bool row(std::span<const std::string_view> values) override {
    if (++rows_ % k_rows_between_looks == 0 && (rules_.cancelled() || count_.failed())) return false;
    if (table_ == nullptr || table_->reader == nullptr) return true;
    const persons::RowIdentity& row = table_->reader->read(values);
    if (row.basis == persons::RowIdentity::Basis::none) return true;
    if (table_->person_rows++ < 100) keep_examples(values);
    batch_.add(row);
    if (batch_.rows.size() == k_batch_rows) flush();
    return true;
  }
  void finding(model::Finding /*finding*/) override {}  // told in the first reading
  void flush() {
    count_.add(batch_, bases_);
    batch_.clear();
  }

 private:
  void keep_examples(std::span<const std::string_view> values);

  LearntTables& tables_;
  FileBases bases_;
  const FileRules& rules_;
  SharedCount& count_;
  LearntTable* table_ = nullptr;
  RowBatch batch_;
  std::uint64_t rows_ = 0;
};

/// The tables that speak of persons, as results.
void give_tables(LearntTables& learnt, const std::string& path, std::string_view kind, CopyOf copy_of,
                 SharedCount& count);

}  // namespace lastgood::exposure
