// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Backup sources, their snapshots, units and contents in the tables.
#pragma once

#include "casefile/backup_store.h"
#include "casefile/sqlite/connection.h"

namespace lastgood::casefile {

class SqliteBackupStore final : public BackupStore {
 public:
  /// `connection` outlives the store.
  explicit SqliteBackupStore(Connection& connection) : connection_(connection) {}

  base::Status put_source(const model::BackupSource& source) override;
  base::Result<std::vector<model::BackupSource>> sources() override;
  base::Status record_snapshots(std::string_view source, std::span<const model::JudgedSnapshot> snapshots,
                                std::span<const model::JudgedUnit> units) override;
  base::Result<std::vector<model::JudgedSnapshot>> snapshots(std::string_view source) override;
  base::Result<std::vector<model::JudgedUnit>> units(std::string_view source) override;
  base::Status record_contents(std::span<const model::JudgedContent> contents) override;
  base::Status visit_contents(const ContentVisitor& visitor) override;
  base::Result<std::optional<model::JudgedContent>> find_content(std::string_view key) override;

 private:
  base::Result<std::optional<std::int64_t>> find_source(std::string_view name);

  Connection& connection_;
};

}  // namespace lastgood::casefile
