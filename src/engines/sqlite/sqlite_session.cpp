// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/sqlite/sqlite_session.h"

#include <sqlite3.h>

#include <fmt/format.h>

namespace lastgood::engines::sqlite {

namespace {

constexpr int k_steps_between_clock_looks = 1'000'000;
constexpr std::int64_t k_looks_max = 40'000;  // some minutes

base::Error sqlite_error(sqlite3* database, std::string_view what) {
  const int code = sqlite3_errcode(database);
  return {.code = code == SQLITE_INTERRUPT ? base::ErrorCode::limit_reached : base::ErrorCode::damaged_source,
          .what = fmt::format("{}: {}", what, base::printable(sqlite3_errmsg(database)))};
}

class StatementRow final : public SqliteRow {
 public:
  explicit StatementRow(sqlite3_stmt* statement) : statement_(statement) {}
  [[nodiscard]] std::string text(int column) const override {
    const void* const bytes = sqlite3_column_blob(statement_, column);
    const int length = sqlite3_column_bytes(statement_, column);
    return bytes == nullptr ? std::string{}
                            : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(length));
  }
  [[nodiscard]] std::int64_t number(int column) const override { return sqlite3_column_int64(statement_, column); }

 private:
  sqlite3_stmt* statement_;
};

}  // namespace

struct SqliteSession::State {
  std::vector<std::uint8_t> image;
  sqlite3* database = nullptr;
  std::int64_t looks = 0;
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { sqlite3_close(database); }
};

SqliteSession::SqliteSession(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteSession::SqliteSession(SqliteSession&&) noexcept = default;
SqliteSession::~SqliteSession() = default;

base::Result<SqliteSession> SqliteSession::open(std::vector<std::uint8_t> image) {
  auto state = std::make_unique<State>();
  state->image = std::move(image);
  if (state->image.size() > 20) state->image[18] = state->image[19] = 1;  // in memory there is no write-ahead log
  const int opened = sqlite3_open_v2(":memory:", &state->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, nullptr);
  sqlite3* const database = state->database;
  if (opened != SQLITE_OK) return sqlite_error(database, "cannot open a database in memory");
  for (const int off : {SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_ENABLE_TRIGGER, SQLITE_DBCONFIG_ENABLE_VIEW,
                        SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION})
    sqlite3_db_config(database, off, 0, nullptr);
  sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_limit(database, SQLITE_LIMIT_LENGTH, 64 << 20);
  sqlite3_progress_handler(
      database, k_steps_between_clock_looks,
      [](void* counter) { return ++*static_cast<std::int64_t*>(counter) > k_looks_max ? 1 : 0; }, &state->looks);
  const auto size = static_cast<sqlite3_int64>(state->image.size());
  if (sqlite3_deserialize(database, "main", state->image.data(), size, size, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
    return sqlite_error(database, "cannot take the database");
  sqlite3_exec(database, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0", nullptr, nullptr, nullptr);
  return SqliteSession(std::move(state));
}

std::vector<std::uint8_t> SqliteSession::take_image() && {
  sqlite3_close(state_->database);
  state_->database = nullptr;
  return std::move(state_->image);
}

base::Status SqliteSession::query(std::string_view sql, const std::function<bool(const SqliteRow&)>& visit) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(state_->database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) != SQLITE_OK)
    return sqlite_error(state_->database, fmt::format("cannot prepare '{}'", sql));
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner(statement, sqlite3_finalize);
  const StatementRow row(statement);
  int step = SQLITE_ROW;
  while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
    if (!visit(row)) return base::Done{};
  }
  if (step != SQLITE_DONE) return sqlite_error(state_->database, fmt::format("'{}' failed", sql));
  return base::Done{};
}

}  // namespace lastgood::engines::sqlite
