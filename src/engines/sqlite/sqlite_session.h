// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SQLite over a database that lies in our memory: nothing of the original is opened, nothing is written anywhere, and
// nothing that the database brings along (triggers, views, extensions) runs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lastgood::engines::sqlite {

/// One row; columns are as text or numbers as SQLite converts them.
class SqliteRow {
 public:
  virtual ~SqliteRow() = default;
  SqliteRow() = default;
  SqliteRow(const SqliteRow&) = delete;
  SqliteRow& operator=(const SqliteRow&) = delete;
  [[nodiscard]] virtual std::string text(int column) const = 0;
  [[nodiscard]] virtual std::int64_t number(int column) const = 0;
};

/// One thread.
class SqliteSession {
 public:
  /// `image` is the whole database, write-ahead log merged. ErrorCode::damaged_source when SQLite does not take it.
  [[nodiscard]] static base::Result<SqliteSession> open(std::vector<std::uint8_t> image);
  SqliteSession(SqliteSession&&) noexcept;
  SqliteSession& operator=(SqliteSession&&) = delete;
  ~SqliteSession();

  /// `sql` is ours, never from a database. Rows go to `visit` until it says false. ErrorCode::damaged_source with
  /// SQLite's words when it fails, ErrorCode::limit_reached when it takes too many steps.
  [[nodiscard]] base::Status query(std::string_view sql, const std::function<bool(const SqliteRow&)>& visit);

  /// Closes the database and gives its bytes back.
  [[nodiscard]] std::vector<std::uint8_t> take_image() &&;

 private:
  struct State;
  explicit SqliteSession(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace lastgood::engines::sqlite
