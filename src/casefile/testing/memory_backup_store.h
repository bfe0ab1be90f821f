// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The fake's half for backups; part of MemoryCaseStore.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "casefile/backup_store.h"

namespace lastgood::casefile::testing {

class MemoryBackupStore final : public BackupStore {
 public:
  /// Gives a recorded file of a scan; nothing when there is none.
  using FindFile = std::function<std::optional<model::FileRecord>(std::int64_t scan_id, std::string_view path)>;
  explicit MemoryBackupStore(FindFile find_file) : find_file_(std::move(find_file)) {}

  base::Status put_source(const model::BackupSource& source) override;
  base::Result<std::vector<model::BackupSource>> sources() override { return sources_; }
  base::Status record_snapshots(std::string_view source, std::span<const model::JudgedSnapshot> snapshots,
                                std::span<const model::JudgedUnit> units) override;
  base::Result<std::vector<model::JudgedSnapshot>> snapshots(std::string_view source) override;
  base::Result<std::vector<model::JudgedUnit>> units(std::string_view source) override;
  base::Status record_contents(std::span<const model::JudgedContent> contents) override;
  base::Status visit_contents(const ContentVisitor& visitor) override;
  base::Result<std::optional<model::JudgedContent>> find_content(std::string_view key) override;

 private:
  FindFile find_file_;
  std::vector<model::BackupSource> sources_;
  std::map<std::string, std::vector<model::JudgedSnapshot>, std::less<>> snapshots_;
  std::map<std::string, std::vector<model::JudgedUnit>, std::less<>> units_;
  std::map<std::string, model::JudgedContent, std::less<>> contents_;
};

}  // namespace lastgood::casefile::testing
