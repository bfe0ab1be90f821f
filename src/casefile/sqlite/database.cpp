// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sqlite/database.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <utility>

namespace lastgood::casefile {

namespace {

constexpr int k_value_bytes_max = 16 * 1024 * 1024;
constexpr int k_wait_ms = 5000;

// 32 MiB of pages; a write-ahead log that is copied back at 32 MiB and cut to that size; nothing mapped, because a
// mapped file that becomes shorter kills the process.
constexpr const char* k_settings =
    "PRAGMA cache_size=-32768; PRAGMA wal_autocheckpoint=8192; PRAGMA journal_size_limit=33554432;"
    "PRAGMA secure_delete=OFF; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON;";

int flags_of(OpenMode mode) {
  constexpr int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
  switch (mode) {
    case OpenMode::read: return common | SQLITE_OPEN_READONLY;
    case OpenMode::read_immutable: return common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    case OpenMode::write: return common | SQLITE_OPEN_READWRITE;
    case OpenMode::create: return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case OpenMode::memory: return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY;
  }
  return common | SQLITE_OPEN_READONLY;
}

/// sqlite.org/uri.html: everything but plain characters as %XX.
std::string immutable_uri(const std::string& path) {
  std::string out = "file:";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
                       c == '.' || c == '_' || c == '-';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out + "?immutable=1";
}

base::ErrorCode code_for(int primary) {
  switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return base::ErrorCode::busy_retry;
    case SQLITE_FULL: return base::ErrorCode::no_space;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_MISMATCH: return base::ErrorCode::damaged_container;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return base::ErrorCode::denied;
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG: return base::ErrorCode::limit_reached;
    case SQLITE_INTERRUPT: return base::ErrorCode::cancelled;
    default: return base::ErrorCode::io;
  }
}

std::string hint_for(base::ErrorCode code) {
  if (code == base::ErrorCode::no_space) return "free some space where the case lies; what was recorded before is kept";
  if (code == base::ErrorCode::damaged_container)
    return "keep the case as it is and go on in a new one; the ledger tells what was done";
  return {};
}

}  // namespace

Statement& Statement::bind(int at, std::int64_t value) {
  note(sqlite3_bind_int64(statement_.get(), at, value));
  return *this;
}

Statement& Statement::bind_text(int at, std::string_view value) {
  // A null pointer would be bound as NULL.
  note(sqlite3_bind_text64(statement_.get(), at, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC,
                           SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_blob(int at, std::string_view value) {
  note(sqlite3_bind_blob64(statement_.get(), at, value.empty() ? "" : value.data(), value.size(), SQLITE_STATIC));
  return *this;
}

Statement& Statement::bind_null(int at) {
  note(sqlite3_bind_null(statement_.get(), at));
  return *this;
}

base::Result<Step> Statement::step() {
  if (bind_code_ != SQLITE_OK) return database_->failure(bind_code_);
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return Step::row;
  if (code == SQLITE_DONE) return Step::done;
  if (code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_UNIQUE) return Step::conflict;
  return database_->failure(code);
}

base::Status Statement::run() {
  LG_ASSIGN(const Step step_result, step());
  if (step_result == Step::conflict) return database_->failure(SQLITE_CONSTRAINT);
  return base::Done{};
}

void Statement::reset() {
  (void)sqlite3_reset(statement_.get());  // repeats the error of the last step, which was told
  bind_code_ = SQLITE_OK;
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  if (data == nullptr) return {};
  return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

base::Result<std::unique_ptr<Database>> Database::open(const std::string& path, OpenMode mode) {
  sqlite3* connection = nullptr;
  const std::string name = mode == OpenMode::memory           ? ":memory:"
                           : mode == OpenMode::read_immutable ? immutable_uri(path)
                                                              : path;
  const int code = sqlite3_open_v2(name.c_str(), &connection, flags_of(mode), nullptr);
  std::unique_ptr<Database> out(new Database(connection, path));
  if (connection == nullptr) return base::system_error("open", path, ENOMEM);
  if (code != SQLITE_OK) return out->failure(code);
  LG_TRY(out->harden());
  return out;
}

/// The file may come from somebody else: nothing in it runs (sqlite.org/security.html).
base::Status Database::harden() {
  sqlite3* connection = connection_.get();
  for (const auto& [option, value] : std::array<std::pair<int, int>, 6>{{{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                                                         {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                                                         {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                                                         {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                                                         {SQLITE_DBCONFIG_DQS_DML, 0},
                                                                         {SQLITE_DBCONFIG_DQS_DDL, 0}}}) {
    const int code = sqlite3_db_config(connection, option, value, nullptr);
    if (code != SQLITE_OK) return failure(code);
  }
  (void)sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, k_value_bytes_max);
  (void)sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
  (void)sqlite3_limit(connection, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
  (void)sqlite3_busy_timeout(connection, k_wait_ms);
  return execute(k_settings);
}

base::Status Database::execute(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(code);
  return base::Done{};
}

base::Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return failure(code);
  return Statement(*this, statement);
}

base::Result<std::int64_t> Database::number(std::string_view sql) {
  LG_ASSIGN(Statement statement, prepare(sql));
  LG_ASSIGN(const Step step, statement.step());
  if (step != Step::row) return damaged("an answer is missing");
  return statement.integer(0);
}

/// What the system said last. SQLite forgets it on a failed COMMIT; the log and the file themselves still know.
int Database::last_errno() const {
  int out = sqlite3_system_errno(connection_.get());
  if (out != 0) return out;
  sqlite3_file* log = nullptr;
  (void)sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log != nullptr && log->pMethods != nullptr) (void)log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &out);
  if (out == 0) (void)sqlite3_file_control(connection_.get(), "main", SQLITE_FCNTL_LAST_ERRNO, &out);
  return out;
}

base::Error Database::failure(int code) const {
  const int system_errno = last_errno();
  const int primary = code & 0xFF;
  const bool by_system = primary == SQLITE_CANTOPEN || primary == SQLITE_IOERR;
  if (code == SQLITE_CANTOPEN_SYMLINK) {
    base::Error error = base::system_error("open case database", path_, ELOOP);
    error.hint = "a link is in its place; lastgood never follows one there";
    return error;
  }
  if (by_system && system_errno != 0) {
    base::Error error = base::system_error(primary == SQLITE_CANTOPEN ? "open case database" : "use case database",
                                           path_, system_errno);
    error.hint = hint_for(error.code);
    return error;
  }
  const base::ErrorCode error_code = code_for(primary);
  return base::Error{
      .code = error_code,
      .what = fmt::format("cannot use case database '{}': {}", base::printable(path_), sqlite3_errstr(code)),
      .path = path_,
      .offset_bytes = {},
      .system_errno = 0,
      .hint = hint_for(error_code)};
}

base::Error Database::damaged(std::string_view what) const {
  return base::Error{.code = base::ErrorCode::damaged_container,
                     .what = fmt::format("case database '{}' is damaged: {}", base::printable(path_), what),
                     .path = path_,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = hint_for(base::ErrorCode::damaged_container)};
}

}  // namespace lastgood::casefile
