// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The door of logs/: which formats there are, and which one a file is in. A new format is a file and one line in
// log_table.cpp.
#pragma once

#include <span>
#include <string_view>

#include "logs/log_parser.h"

namespace lastgood::logs {

std::span<const LogFormat> log_formats();
[[nodiscard]] const LogFormat* find_log_format(std::string_view name);

/// Which format reads the beginning of a file best; null when none reads a quarter of its lines. Formats that were made
/// for a few programs go before those that take every text.
[[nodiscard]] const LogFormat* recognise_log(std::span<const LogLine> first_lines, const LogContext& context);

/// How often the years of a log without years turn between its first line and its last.
class YearTurns {
 public:
  void take(std::string_view line);
  /// Month and day of the last line with a time; 0: no line has one.
  [[nodiscard]] std::uint32_t last_month() const { return last_month_; }
  [[nodiscard]] std::uint32_t last_day() const { return last_day_; }
  [[nodiscard]] int turns() const { return turns_; }

 private:
  std::uint32_t month_ = 0;
  std::uint32_t last_month_ = 0;
  std::uint32_t last_day_ = 0;
  int turns_ = 0;
};

/// The year of the first line: the last line is not newer than the file's own time (a day is allowed for clocks).
[[nodiscard]] int decide_first_year(const YearTurns& turns, std::int64_t file_time_ns);

}  // namespace lastgood::logs
