// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// All rows of all tables of an SQLite database that lies in our memory. Nothing of the original is opened by SQLite,
// and nothing that the database brings along runs.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lastgood::engines {

inline constexpr std::uint64_t k_sqlite_image_bytes_max = std::uint64_t{2} << 30;

class SqliteRowSink {
 public:
  virtual ~SqliteRowSink() = default;
  virtual void begin_table(const std::string& name, const std::vector<std::string>& columns) = 0;
  /// False: stop everything.
  [[nodiscard]] virtual bool row(std::span<const std::string_view> values) = 0;
  /// A table that broke off; what came before counts.
  virtual void broken(const std::string& table, const base::Error& error) = 0;
};

/// `image`: the main file. A write-ahead log beside it is not merged here: the caller says so when there is one.
/// ErrorCode::damaged_source when SQLite does not take it.
[[nodiscard]] base::Status read_sqlite_rows(std::vector<std::uint8_t> image, SqliteRowSink& sink);

}  // namespace lastgood::engines
