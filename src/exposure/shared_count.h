// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The counters that all threads fill, in batches, and the list of what was found. Any thread.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "exposure/exposure_results.h"
#include "persons/person_counter.h"
#include "persons/row_identity.h"

namespace lastgood::exposure {

/// Rows of one file on their way to the counters.
struct RowBatch {
  struct Row {
    persons::RowIdentity::Basis basis = persons::RowIdentity::Basis::none;
    persons::PersonKey primary;
    std::uint32_t others = 0;  // so many of `others`, behind those of the rows before
  };
  std::vector<Row> rows;
  std::vector<persons::PersonKey> others;

  void add(const persons::RowIdentity& row);
  void clear();
};
inline constexpr std::size_t k_batch_rows = 8192;

/// Is the file a readable copy of one that the case knows as encrypted?
enum class CopyOf : std::uint8_t { nothing_known, encrypted };

/// Does a log show that the attacker opened, read, renamed or wrote the file?
enum class Access : std::uint8_t { not_shown, shown };

/// On which bases the rows of a file count, beside that of what was held.
struct FileBases {
  // NOLINTNEXTLINE(google-explicit-constructor): most files are one of these and nothing else
  FileBases(CopyOf is_copy_of, Access access_to = Access::not_shown) : copy_of(is_copy_of), access(access_to) {}
  CopyOf copy_of;
  Access access;
};

enum class HasTables : std::uint8_t { no, yes };

class SharedCount {
 public:
  explicit SharedCount(const std::string& spill_folder);

  /// The first error stays: `failed` says so, `finish` gives it.
  void add(const RowBatch& batch, const FileBases& bases);
  [[nodiscard]] bool failed() const;

  void add_table(TableResult table);
  void add_unit(AskedUnit unit);
  void add_unread(std::string path, std::string why);
  void add_finding(std::string path, std::string finding);
  void see_file(std::uint64_t bytes, HasTables has_tables);
  void see_copy_of_encrypted();

  /// Puts what was found into `results`, lists in order of path, and the counts into their bases.
  [[nodiscard]] base::Status finish(ExposureResults& results);

 private:
  base::Status add_to(persons::PersonCounter& counter, const RowBatch& batch);

  mutable std::mutex mutex_;
  base::Status status_ = base::Done{};
  persons::PersonCounter held_;
  persons::PersonCounter encrypted_;
  persons::PersonCounter accessed_;
  ExposureResults found_;
};

}  // namespace lastgood::exposure
