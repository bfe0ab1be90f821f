// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// CaseStore: what is known of a case, behind about ten verbs. Values of model/ cross this line, never rows or SQL.
// Every implementation passes testing/case_store_suite.h. Made and opened by open_case_store.h.
//
// Threads: one thread at a time. Writers: one process at a time; open_case_store says so to the second. Readers: any
// number, also beside a writer; each call sees the case as some finished call left it.
// A verb that writes is atomic: after a crash its effect is there as a whole or not at all. After a power cut the
// newest calls of record_files and amend_files may be gone; those of all other verbs, and what came before them, are
// not. Paths, names and all other texts are bytes of any value and length; a path begins with '/' and ends in a name.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/backup_store.h"
#include "casefile/investigation_store.h"
#include "model/file_record.h"

namespace lastgood::casefile {

/// Which files `visit_files` shows. Empty fields do not restrict.
struct FileFilter {
  std::optional<std::int64_t> scan_id;
  std::vector<model::Verdict> verdicts;
  std::string path;        // this very path
  std::string path_below;  // this folder and everything below it; a slash at its end does not matter
  bool details = true;     // false: path, size, times, verdict, certainty, format, bytes_read only (fast over millions)
};

/// What a resumed scan needs to know to leave a file alone.
struct KnownFile {
  std::string name;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  bool operator==(const KnownFile&) const = default;
};

/// False ends the visit early, which is no error. The visitor may call the store; whether files that were not shown yet
/// are then shown as they were or as they are is left open.
using FileVisitor = std::function<bool(const model::FileRecord& file)>;
using SightingVisitor = std::function<bool(const model::Sighting& sighting)>;

class CaseStore {
 public:
  virtual ~CaseStore() = default;
  CaseStore() = default;
  CaseStore(const CaseStore&) = delete;
  CaseStore& operator=(const CaseStore&) = delete;

  /// Stores a scan that begins and gives its id (1, 2, ...). `id` and `counts` of `scan` are not looked at.
  [[nodiscard]] virtual base::Result<std::int64_t> begin_scan(const model::Scan& scan) = 0;
  /// Stores finished files and what was sighted in them; all or nothing. A path recorded twice in a scan: the last
  /// wins, and what was sighted in it before is forgotten.
  [[nodiscard]] virtual base::Status record_files(std::int64_t scan_id, std::span<const model::FileRecord> files,
                                                  std::span<const model::Sighting> sightings) = 0;
  /// Replaces verdict, certainty, reasons, ranges, original_name and campaign_id of recorded files, found by path; all
  /// or nothing. A path that the scan has not recorded is ErrorCode::not_found.
  [[nodiscard]] virtual base::Status amend_files(std::int64_t scan_id, std::span<const model::FileRecord> files) = 0;
  /// Replaces the campaigns of a scan; gives their ids in the order of `campaigns`. Ids are never used again: a file
  /// that still carries one of a replaced campaign belongs to none.
  [[nodiscard]] virtual base::Result<std::vector<std::int64_t>> record_campaigns(
      std::int64_t scan_id, std::span<const model::Campaign> campaigns) = 0;
  [[nodiscard]] virtual base::Status finish_scan(std::int64_t scan_id, std::int64_t finished_ns,
                                                 const model::ScanCounts& counts) = 0;

  /// In the order they began.
  [[nodiscard]] virtual base::Result<std::vector<model::Scan>> scans() = 0;
  /// In the order they were recorded.
  [[nodiscard]] virtual base::Result<std::vector<model::Campaign>> campaigns(std::int64_t scan_id) = 0;
  /// In order of directory, then name, both as bytes, within each scan. Memory does not grow with the number of files.
  [[nodiscard]] virtual base::Status visit_files(const FileFilter& filter, const FileVisitor& visitor) = 0;
  /// What the scan has recorded so far; `skipped` is not kept for single files and stays 0.
  [[nodiscard]] virtual base::Result<model::ScanCounts> count_files(std::int64_t scan_id) = 0;
  /// In order of directory, name, offset, kind and value. The same value at the same place is stored once.
  [[nodiscard]] virtual base::Status visit_sightings(std::int64_t scan_id, const SightingVisitor& visitor) = 0;
  /// Files of one directory (absolute, without the slash behind it) that the scan has recorded, by name.
  [[nodiscard]] virtual base::Result<std::vector<KnownFile>> known_files(std::int64_t scan_id,
                                                                         std::string_view directory) = 0;

  /// Small values of the case itself: its name, when it was made, the secret seed of the sampling offsets, the secret
  /// of counting persons.
  [[nodiscard]] virtual base::Result<std::optional<std::string>> setting(std::string_view name) = 0;
  [[nodiscard]] virtual base::Status put_setting(std::string_view name, std::string_view value) = 0;

  /// What is known of backups; lives as long as the store.
  [[nodiscard]] virtual BackupStore& backups() = 0;
  /// What was searched for indicators and traced; lives as long as the store.
  [[nodiscard]] virtual InvestigationStore& investigation() = 0;
};

}  // namespace lastgood::casefile
