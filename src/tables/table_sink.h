// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tables as they stream out of a content: named columns, then rows of text. Nothing is kept.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/finding.h"

namespace lastgood::tables {

/// A longer row, value or line is left out with a finding.
inline constexpr std::size_t k_row_bytes_max = std::size_t{16} << 20;
inline constexpr std::size_t k_columns_max = 4096;

struct TableHead {
  std::string_view name;      // "public.patients"; empty where the content has none
  std::string_view database;  // that it is dumped from, where the content says so
  std::span<const std::string> columns;
};

/// Implemented by whoever wants rows. Called by the thread that reads, in order.
class TableSink {
 public:
  virtual ~TableSink() = default;
  /// What is valid until it returns. May come again for a table that was there before: it goes on.
  virtual void begin_table(const TableHead& head) = 0;
  /// As many values as the head has columns; a missing one and NULL are empty. Valid until it returns. False: stop.
  [[nodiscard]] virtual bool row(std::span<const std::string_view> values) = 0;
  /// Something is wrong with the content; what came before counts, and reading goes on behind it.
  virtual void finding(model::Finding finding) = 0;
};

}  // namespace lastgood::tables
