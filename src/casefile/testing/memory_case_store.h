// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The fake: a case store in memory, for tests of whatever works with one. Passes the same suite as the real one.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "casefile/case_store.h"
#include "casefile/testing/memory_backup_store.h"
#include "casefile/testing/memory_investigation_store.h"

namespace lastgood::casefile::testing {

class MemoryCaseStore final : public CaseStore {
 public:
  base::Result<std::int64_t> begin_scan(const model::Scan& scan) override;
  base::Status record_files(std::int64_t scan_id, std::span<const model::FileRecord> files,
                            std::span<const model::Sighting> sightings) override;
  base::Status amend_files(std::int64_t scan_id, std::span<const model::FileRecord> files) override;
  base::Result<std::vector<std::int64_t>> record_campaigns(std::int64_t scan_id,
                                                           std::span<const model::Campaign> campaigns) override;
  base::Status finish_scan(std::int64_t scan_id, std::int64_t finished_ns, const model::ScanCounts& counts) override;
  base::Result<std::vector<model::Scan>> scans() override;
  base::Result<std::vector<model::Campaign>> campaigns(std::int64_t scan_id) override;
  base::Status visit_files(const FileFilter& filter, const FileVisitor& visitor) override;
  base::Result<model::ScanCounts> count_files(std::int64_t scan_id) override;
  base::Status visit_sightings(std::int64_t scan_id, const SightingVisitor& visitor) override;
  base::Result<std::vector<KnownFile>> known_files(std::int64_t scan_id, std::string_view directory) override;
  base::Result<std::optional<std::string>> setting(std::string_view name) override;
  base::Status put_setting(std::string_view name, std::string_view value) override;
  BackupStore& backups() override { return backups_; }
  InvestigationStore& investigation() override { return investigation_; }

 private:
  /// Scan, folder, name.
  using FileKey = std::tuple<std::int64_t, std::string, std::string>;
  /// File, offset, kind, value.
  using SightingKey = std::tuple<FileKey, std::uint64_t, std::string, std::string>;
  base::Status check_scan(std::int64_t scan_id) const;
  std::optional<model::FileRecord> find_file(std::int64_t scan_id, std::string_view path) const;

  std::vector<model::Scan> scans_;
  std::map<FileKey, model::FileRecord> files_;
  std::map<SightingKey, model::Sighting> sightings_;
  std::map<std::int64_t, std::vector<model::Campaign>> campaigns_;
  std::int64_t next_campaign_id_ = 1;
  std::map<std::string, std::string, std::less<>> settings_;
  MemoryBackupStore backups_{[this](std::int64_t scan_id, std::string_view path) { return find_file(scan_id, path); }};
  MemoryInvestigationStore investigation_;
};

}  // namespace lastgood::casefile::testing
