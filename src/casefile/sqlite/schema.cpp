// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sqlite/schema.h"

#include <fmt/format.h>

#include <array>

namespace lastgood::casefile {

namespace {

// "LGcs"; file(1) and others see it at byte 68 of the file.
constexpr std::int64_t k_application_id = 0x4C476373;
constexpr std::size_t k_schema_rows_max = 100;

// Entry n brings version n to n + 1. Entries are never changed once released: add one.
constexpr std::array k_migrations{
    R"(CREATE TABLE settings(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE scans(id INTEGER PRIMARY KEY, host TEXT NOT NULL, roots BLOB NOT NULL, depth INTEGER NOT NULL, options TEXT NOT NULL, started_ns INTEGER NOT NULL, finished_ns INTEGER NOT NULL, counts TEXT NOT NULL) STRICT;
CREATE TABLE folders(id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE) STRICT;
CREATE TABLE formats(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE files(scan_id INTEGER NOT NULL, folder_id INTEGER NOT NULL, name BLOB NOT NULL, size_bytes INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, verdict INTEGER NOT NULL, certainty INTEGER NOT NULL, format_id INTEGER, bytes_read INTEGER NOT NULL, detail_id INTEGER, PRIMARY KEY(scan_id, folder_id, name)) STRICT, WITHOUT ROWID;
CREATE TABLE details(id INTEGER PRIMARY KEY, original_name BLOB NOT NULL, ranges TEXT NOT NULL, reasons BLOB NOT NULL, head BLOB NOT NULL, tail BLOB NOT NULL, sha256 BLOB NOT NULL, campaign_id INTEGER NOT NULL) STRICT;
CREATE TABLE sightings(scan_id INTEGER NOT NULL, folder_id INTEGER NOT NULL, name BLOB NOT NULL, offset_bytes INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, level TEXT NOT NULL, PRIMARY KEY(scan_id, folder_id, name, offset_bytes, kind, value)) STRICT, WITHOUT ROWID;
CREATE TABLE campaigns(id INTEGER PRIMARY KEY AUTOINCREMENT, scan_id INTEGER NOT NULL, certainty INTEGER NOT NULL, extension BLOB NOT NULL, head BLOB NOT NULL, tail BLOB NOT NULL, footer_bytes INTEGER NOT NULL, family TEXT NOT NULL, contacts BLOB NOT NULL, notes BLOB NOT NULL, note_count INTEGER NOT NULL, file_count INTEGER NOT NULL, size_bytes INTEGER NOT NULL, first_change_ns INTEGER NOT NULL, last_change_ns INTEGER NOT NULL, reasons BLOB NOT NULL) STRICT;)",
    R"(CREATE TABLE sources(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, address TEXT NOT NULL, format TEXT NOT NULL, independence INTEGER NOT NULL, password_from TEXT NOT NULL, key_file TEXT NOT NULL, stored_prefix BLOB NOT NULL, live_prefix BLOB NOT NULL, added_ns INTEGER NOT NULL) STRICT;
CREATE TABLE source_scans(scan_id INTEGER PRIMARY KEY, source TEXT NOT NULL) STRICT;
CREATE TABLE snapshots(source_id INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, time_ns INTEGER NOT NULL, stored_ns INTEGER NOT NULL, origin BLOB NOT NULL, paths BLOB NOT NULL, tags BLOB NOT NULL, presence INTEGER NOT NULL, findings BLOB NOT NULL, oddities BLOB NOT NULL, counts TEXT NOT NULL, changes TEXT NOT NULL, PRIMARY KEY(source_id, number)) STRICT, WITHOUT ROWID;
CREATE TABLE units(source_id INTEGER NOT NULL, number INTEGER NOT NULL, snapshot TEXT NOT NULL, kind TEXT NOT NULL, path BLOB NOT NULL, state TEXT NOT NULL, certainty INTEGER NOT NULL, data_as_of_ns INTEGER NOT NULL, sizes TEXT NOT NULL, findings BLOB NOT NULL, PRIMARY KEY(source_id, number)) STRICT, WITHOUT ROWID;
CREATE TABLE contents(key BLOB PRIMARY KEY, scan_id INTEGER NOT NULL, folder_id INTEGER NOT NULL, name BLOB NOT NULL) STRICT, WITHOUT ROWID;)",
    R"(CREATE TABLE searched_files(id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size_bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, searched_ns INTEGER NOT NULL, left_out INTEGER NOT NULL) STRICT;
CREATE TABLE found_values(file_id INTEGER NOT NULL, offset_bytes INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, level TEXT NOT NULL, encoding TEXT NOT NULL, length_bytes INTEGER NOT NULL, port INTEGER, form INTEGER NOT NULL, times INTEGER NOT NULL, apart TEXT NOT NULL, PRIMARY KEY(file_id, offset_bytes, kind, value)) STRICT, WITHOUT ROWID;
CREATE TABLE mails(path BLOB NOT NULL, begin_bytes INTEGER NOT NULL, end_bytes INTEGER NOT NULL, sha256 TEXT NOT NULL, says BLOB NOT NULL, hops BLOB NOT NULL, boundary BLOB NOT NULL, dkim BLOB NOT NULL, arc TEXT NOT NULL, spf TEXT NOT NULL, hints BLOB NOT NULL, PRIMARY KEY(path, begin_bytes)) STRICT, WITHOUT ROWID;)",
    R"(ALTER TABLE mails ADD COLUMN store_item INTEGER;
ALTER TABLE mails ADD COLUMN attachments BLOB NOT NULL DEFAULT x'';)"};
constexpr auto k_version = static_cast<std::int64_t>(k_migrations.size());

/// Everything the schema consists of, as text. Statistics that somebody made with ANALYZE are no part of it.
base::Result<std::string> describe_schema(Database& database) {
  LG_ASSIGN(Statement rows, database.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema "
                                             "WHERE name NOT IN ('sqlite_stat1', 'sqlite_stat4') ORDER BY type, name"));
  std::string out;
  for (std::size_t count = 0; count < k_schema_rows_max; ++count) {
    LG_ASSIGN(const Step step, rows.step());
    if (step != Step::row) return out;
    for (int column = 0; column < 4; ++column) out += fmt::format("{}|", rows.bytes(column));
    out += '\n';
  }
  return database.damaged("it has too many tables");
}

base::Status run_migrations(Database& database, std::int64_t from) {
  for (auto version = static_cast<std::size_t>(from); version < k_migrations.size(); ++version) {
    LG_TRY(database.execute(k_migrations.at(version)));
  }
  LG_TRY(database.execute(fmt::format("PRAGMA application_id={}", k_application_id).c_str()));
  return database.execute(fmt::format("PRAGMA user_version={}", k_version).c_str());
}

/// All of it or nothing: SQLite's schema changes are part of the transaction.
base::Status migrate_in_transaction(Database& database, std::int64_t from) {
  LG_TRY(database.execute("PRAGMA synchronous=FULL; BEGIN IMMEDIATE"));
  base::Status status = run_migrations(database, from);
  if (status.ok()) status = database.execute("COMMIT");
  if (!status.ok() && database.in_transaction())
    base::ignore_error(database.execute("ROLLBACK"), "the first error is told");
  return status;
}

/// The version; an error when this is no case database or one from the future.
base::Result<std::int64_t> read_version(Database& database) {
  LG_ASSIGN(const std::int64_t application_id, database.number("PRAGMA application_id"));
  if (application_id != k_application_id) return database.damaged("it is no case database");
  LG_ASSIGN(const std::int64_t version, database.number("PRAGMA user_version"));
  if (version < 1) return database.damaged(fmt::format("it says that its version is {}", version));
  if (version > k_version) {
    base::Error error = database.damaged({});
    error.code = base::ErrorCode::unsupported;
    error.what = fmt::format("case database '{}' has version {}, this program knows {}",
                             base::printable(database.path()), version, k_version);
    error.hint = "open it with the newer lastgood that made it";
    return error;
  }
  return version;
}

}  // namespace

base::Status create_schema(Database& database) {
  LG_ASSIGN(const std::int64_t tables, database.number("SELECT count(*) FROM sqlite_schema"));
  if (tables != 0) {
    base::Error error = database.damaged({});
    error.code = base::ErrorCode::misuse;
    error.what = fmt::format("case database '{}' is there already", base::printable(database.path()));
    error.hint = "choose another folder for the new case";
    return error;
  }
  return migrate_in_transaction(database, 0);
}

base::Status check_schema(Database& database) {
  LG_ASSIGN(const std::int64_t version, read_version(database));
  if (version != k_version) {
    base::Error error = database.damaged({});
    error.code = base::ErrorCode::unsupported;
    error.what = fmt::format("case database '{}' has the older version {}", base::printable(database.path()), version);
    error.hint = "any command that writes to the case brings it to the present version";
    return error;
  }
  LG_ASSIGN(const auto model, Database::open("model", OpenMode::memory));
  LG_TRY(run_migrations(*model, 0));
  LG_ASSIGN(const std::string expected, describe_schema(*model));
  LG_ASSIGN(const std::string found, describe_schema(database));
  if (found != expected) return database.damaged("its tables are not those that lastgood makes");
  return base::Done{};
}

base::Status migrate_schema(Database& database) {
  LG_ASSIGN(const std::int64_t version, read_version(database));
  if (version < k_version) LG_TRY(migrate_in_transaction(database, version));
  return check_schema(database);
}

}  // namespace lastgood::casefile
