// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A thin owner of an SQLite connection and its statements: lifetimes, and SQLite's codes turned into base::Error.
// With the folder casefile/sqlite this is the only place that knows sqlite3.h.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lastgood::casefile {

enum class OpenMode : std::uint8_t { read, read_immutable, write, create, memory };

/// What a step came to. `conflict`: the row's key is taken; nothing was changed.
enum class Step : std::uint8_t { row, done, conflict };

class Database;

/// A prepared statement. Texts and blobs that are bound must live until `reset`.
class Statement {
 public:
  Statement& bind(int at, std::int64_t value);
  Statement& bind_text(int at, std::string_view value);
  Statement& bind_blob(int at, std::string_view value);
  Statement& bind_null(int at);
  /// Also says what an earlier `bind` failed at.
  [[nodiscard]] base::Result<Step> step();
  /// For statements that give no row. `Step::row` is an error of ours.
  [[nodiscard]] base::Status run();
  void reset();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  /// Bytes of a text or blob; valid until the next step or reset.
  [[nodiscard]] std::string_view bytes(int column) const;

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* statement) : database_(&database), statement_(statement) {}
  void note(int code) {
    if (bind_code_ == SQLITE_OK) bind_code_ = code;
  }

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Database* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bind_code_ = SQLITE_OK;
};

/// Resets at the end of its life: an unreset SELECT would hold back the write-ahead log.
class Using {
 public:
  explicit Using(Statement& statement) : statement_(&statement) { statement.reset(); }
  ~Using() { statement_->reset(); }
  Using(const Using&) = delete;
  Using& operator=(const Using&) = delete;
  Statement* operator->() const { return statement_; }
  Statement& operator*() const { return *statement_; }

 private:
  Statement* statement_;
};

/// One thread at a time; does not move, because statements point at it.
class Database {
 public:
  /// Opens without following links, in defensive mode, with SQLite's own memory bounded. `path` is absolute and without
  /// links; it is not looked at for OpenMode::memory.
  [[nodiscard]] static base::Result<std::unique_ptr<Database>> open(const std::string& path, OpenMode mode);

  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs SQL of ours that gives no rows of interest.
  [[nodiscard]] base::Status execute(const char* sql);
  [[nodiscard]] base::Result<Statement> prepare(std::string_view sql);
  /// The first column of the first row.
  [[nodiscard]] base::Result<std::int64_t> number(std::string_view sql);
  [[nodiscard]] std::int64_t last_row_id() const { return sqlite3_last_insert_rowid(connection_.get()); }
  /// After some failures SQLite has already rolled back.
  [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }
  /// The last failure on this connection.
  [[nodiscard]] base::Error failure(int code) const;
  /// The database holds something that this program never wrote.
  [[nodiscard]] base::Error damaged(std::string_view what) const;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  Database(sqlite3* connection, std::string path) : connection_(connection), path_(std::move(path)) {}
  base::Status harden();
  [[nodiscard]] int last_errno() const;

  struct Close {
    void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
  };
  std::unique_ptr<sqlite3, Close> connection_;
  std::string path_;
};

}  // namespace lastgood::casefile
