// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/sqlite/sqlite_case_store.h"

#include <filesystem>
#include <utility>

#include "casefile/sqlite/backup_rows.h"
#include "casefile/sqlite/connection.h"
#include "casefile/sqlite/file_rows.h"
#include "casefile/sqlite/file_visits.h"
#include "casefile/sqlite/investigation_rows.h"
#include "casefile/sqlite/scan_rows.h"
#include "casefile/sqlite/schema.h"

namespace lastgood::casefile {

namespace {

class SqliteCaseStore final : public CaseStore {
 public:
  SqliteCaseStore(std::unique_ptr<Database> database, std::optional<os::FileLock> lock)
      : lock_(std::move(lock)),
        connection_(std::move(database), lock_ ? StoreAccess::write : StoreAccess::read),
        backups_(connection_),
        investigation_(connection_) {}

  base::Result<std::int64_t> begin_scan(const model::Scan& scan) override {
    std::int64_t id = 0;
    const auto work = [&]() -> base::Status {
      LG_ASSIGN(id, insert_scan(connection_, scan));
      return base::Done{};
    };
    LG_TRY(connection_.in_transaction(Durability::at_once, work));
    return id;
  }

  base::Status record_files(std::int64_t scan_id, std::span<const model::FileRecord> files,
                            std::span<const model::Sighting> sightings) override {
    return connection_.in_transaction(Durability::after_next_sync, [&]() -> base::Status {
      LG_TRY(check_scan(connection_, scan_id));
      return insert_files(connection_, scan_id, files, sightings);
    });
  }

  base::Status amend_files(std::int64_t scan_id, std::span<const model::FileRecord> files) override {
    return connection_.in_transaction(Durability::after_next_sync,
                                      [&]() -> base::Status { return update_files(connection_, scan_id, files); });
  }

  base::Result<std::vector<std::int64_t>> record_campaigns(std::int64_t scan_id,
                                                           std::span<const model::Campaign> campaigns) override {
    std::vector<std::int64_t> ids;
    const auto work = [&]() -> base::Status {
      LG_TRY(check_scan(connection_, scan_id));
      LG_ASSIGN(ids, replace_campaigns(connection_, scan_id, campaigns));
      return base::Done{};
    };
    LG_TRY(connection_.in_transaction(Durability::at_once, work));
    return ids;
  }

  base::Status finish_scan(std::int64_t scan_id, std::int64_t finished_ns, const model::ScanCounts& counts) override {
    return connection_.in_transaction(Durability::at_once, [&]() -> base::Status {
      LG_TRY(check_scan(connection_, scan_id));
      return update_finished(connection_, scan_id, finished_ns, counts);
    });
  }

  base::Result<std::vector<model::Scan>> scans() override { return read_scans(connection_); }
  base::Result<std::vector<model::Campaign>> campaigns(std::int64_t scan_id) override {
    return read_campaigns(connection_, scan_id);
  }

  base::Status visit_files(const FileFilter& filter, const FileVisitor& visitor) override {
    std::vector<std::int64_t> ids;
    if (filter.scan_id) {
      ids.push_back(*filter.scan_id);
    } else {
      LG_ASSIGN(const std::vector<model::Scan> all, scans());
      for (const model::Scan& scan : all) ids.push_back(scan.id);
    }
    for (const std::int64_t id : ids) {
      LG_ASSIGN(const Visit visit, visit_file_rows(connection_, id, filter, visitor));
      if (visit == Visit::stopped) break;
    }
    return base::Done{};
  }

  base::Result<model::ScanCounts> count_files(std::int64_t scan_id) override {
    return count_file_rows(connection_, scan_id);
  }
  base::Status visit_sightings(std::int64_t scan_id, const SightingVisitor& visitor) override {
    return visit_sighting_rows(connection_, scan_id, visitor);
  }
  base::Result<std::vector<KnownFile>> known_files(std::int64_t scan_id, std::string_view directory) override {
    return read_known_files(connection_, scan_id, directory);
  }

  base::Result<std::optional<std::string>> setting(std::string_view name) override {
    return read_setting(connection_, name);
  }
  base::Status put_setting(std::string_view name, std::string_view value) override {
    return connection_.in_transaction(Durability::at_once, [&] { return write_setting(connection_, name, value); });
  }
  BackupStore& backups() override { return backups_; }
  InvestigationStore& investigation() override { return investigation_; }

 private:
  std::optional<os::FileLock> lock_;  // let go of after the connection is closed
  Connection connection_;
  SqliteBackupStore backups_;
  SqliteInvestigationStore investigation_;
};

base::Result<std::unique_ptr<Database>> open_checked(const std::string& path, OpenMode mode) {
  LG_ASSIGN(std::unique_ptr<Database> database, Database::open(path, mode));
  LG_TRY(mode == OpenMode::write ? migrate_schema(*database) : check_schema(*database));
  return database;
}

/// A case on a read-only disk: SQLite then needs to be told that nobody writes. Only where nothing waits in the log.
base::Result<std::unique_ptr<Database>> open_for_reading(const std::string& path) {
  auto database = open_checked(path, OpenMode::read);
  if (database.ok()) return database;
  const base::ErrorCode code = database.error().code;
  if (code != base::ErrorCode::denied && code != base::ErrorCode::io && code != base::ErrorCode::not_found)
    return database;
  std::error_code no_log;
  const std::uintmax_t log_bytes = std::filesystem::file_size(path + "-wal", no_log);
  if (no_log || log_bytes == 0) {
    auto immutable = open_checked(path, OpenMode::read_immutable);
    return immutable.ok() ? std::move(immutable) : std::move(database);
  }
  base::Error error = std::move(database).error();
  error.hint =
      "the case was not closed properly and lies where nothing can be written: copy its folder to another disk";
  return error;
}

}  // namespace

base::Result<std::unique_ptr<CaseStore>> create_sqlite_case_store(const std::string& path, os::FileLock lock) {
  LG_ASSIGN(std::unique_ptr<Database> database, Database::open(path, OpenMode::create));
  LG_TRY(create_schema(*database));
  // Lets readers read while a scan writes, and is what makes writing fast. Kept in the file.
  LG_TRY(database->execute("PRAGMA journal_mode=WAL"));
  return std::unique_ptr<CaseStore>(std::make_unique<SqliteCaseStore>(std::move(database), std::move(lock)));
}

base::Result<std::unique_ptr<CaseStore>> open_sqlite_case_store(const std::string& path,
                                                                std::optional<os::FileLock> lock) {
  if (lock) {
    LG_ASSIGN(std::unique_ptr<Database> database, open_checked(path, OpenMode::write));
    LG_TRY(database->execute("PRAGMA journal_mode=WAL"));
    return std::unique_ptr<CaseStore>(std::make_unique<SqliteCaseStore>(std::move(database), std::move(lock)));
  }
  LG_ASSIGN(std::unique_ptr<Database> database, open_for_reading(path));
  return std::unique_ptr<CaseStore>(std::make_unique<SqliteCaseStore>(std::move(database), std::move(lock)));
}

}  // namespace lastgood::casefile
