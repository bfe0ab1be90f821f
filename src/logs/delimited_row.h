// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Rows of CSV (RFC 4180): fields with commas, quotes and line ends inside. One row in memory, of limited size.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "logs/log_parser.h"

namespace lastgood::logs {

inline constexpr std::size_t k_row_bytes_max = 256 * 1024;
inline constexpr std::size_t k_row_fields_max = 512;

struct DelimitedRow {
  std::vector<std::string> fields;
  std::uint64_t offset_bytes = 0;
};

/// Lines in, rows out: a quote that is open at the end of a line waits for the next one, up to k_row_bytes_max; then
/// the row is given up with all its lines, which counts as one line that was not understood.
class RowJoiner {
 public:
  explicit RowJoiner(char separator) : separator_(separator) {}
  enum class State : std::uint8_t { complete, waiting, broken };
  State take(const LogLine& line);
  [[nodiscard]] const DelimitedRow& row() const { return row_; }

 private:
  State parse();

  char separator_;
  std::string text_;
  bool is_waiting_ = false;
  std::uint64_t quotes_ = 0;
  std::uint64_t offset_bytes_ = 0;
  DelimitedRow row_;
};

}  // namespace lastgood::logs
