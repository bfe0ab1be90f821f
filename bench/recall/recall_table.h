// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the recall benchmark counts, per pattern and format, and how it is printed.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/verdict.h"

namespace lastgood::bench {

/// How well the ranges of one recalled file agree with the truth.
struct Agreement {
  double share = 0;            // drill::range_agreement
  bool has_long_runs = false;  // every run that was replaced is of at least 4 KiB
};

struct Cell {
  std::uint64_t files = 0;
  std::uint64_t right = 0;  // by one of the verdicts that are right for the pattern
  std::array<std::uint64_t, model::k_verdict_count> by_verdict{};
  double agreement_sum = 0;  // of the recalled
  double long_agreement_sum = 0;
  std::uint64_t long_files = 0;  // of the recalled, those with long runs only
  std::uint64_t nanoseconds = 0;

  void add(const Cell& other);
  void count(model::Verdict verdict, bool is_right, const Agreement& agreement, std::uint64_t took_ns);
  [[nodiscard]] std::uint64_t said(model::Verdict verdict) const {
    return by_verdict.at(static_cast<std::size_t>(verdict));
  }
  [[nodiscard]] std::uint64_t recalled() const {
    return said(model::Verdict::encrypted) + said(model::Verdict::partly_encrypted);
  }
  [[nodiscard]] double recall() const {
    return files == 0 ? 1.0 : static_cast<double>(recalled()) / static_cast<double>(files);
  }
};

struct MissedFile {
  std::string pattern;
  std::string format;
  std::string path;
  std::string verdict;
  std::string reason;
};

/// One thread's counts; added up at the end.
struct RecallTable {
  std::map<std::string, std::map<std::string, Cell>> cells;  // pattern, format
  std::map<std::string, Cell> unchanged;                     // format: the contents as they are
  std::vector<MissedFile> missed;
  std::uint64_t unreadable = 0;

  void add(const RecallTable& other);
};

/// Row names of contents whose owner protected them begin so; they are left out of the sums.
inline constexpr std::string_view k_protected_prefix = "protected:";

/// Row of files left as they are among attacked ones; left out of the sums as well.
inline constexpr std::string_view k_innocent_row = "innocent";

std::string write_table(const RecallTable& table);
std::string write_json(const RecallTable& table);

}  // namespace lastgood::bench
