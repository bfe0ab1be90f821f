// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// BackupStore: what a case knows of its backup sources. Part of every CaseStore (`CaseStore::backups`), with the same
// rules: one thread, atomic verbs, any bytes in texts. Passes testing/backup_store_suite.h.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/backup_record.h"

namespace lastgood::casefile {

/// False ends the visit early, which is no error.
using ContentVisitor = std::function<bool(const model::ContentVerdict& content)>;

class BackupStore {
 public:
  virtual ~BackupStore() = default;
  BackupStore() = default;
  BackupStore(const BackupStore&) = delete;
  BackupStore& operator=(const BackupStore&) = delete;

  /// Adds a source or replaces the one of the same name; what is known of its snapshots stays.
  [[nodiscard]] virtual base::Status put_source(const model::BackupSource& source) = 0;
  /// In the order they were added.
  [[nodiscard]] virtual base::Result<std::vector<model::BackupSource>> sources() = 0;

  /// Replaces what is known of the source's snapshots and of the units in them. ErrorCode::not_found: no such source.
  [[nodiscard]] virtual base::Status record_snapshots(std::string_view source,
                                                      std::span<const model::JudgedSnapshot> snapshots,
                                                      std::span<const model::JudgedUnit> units) = 0;
  /// In the order they were recorded. A source that is not there has none.
  [[nodiscard]] virtual base::Result<std::vector<model::JudgedSnapshot>> snapshots(std::string_view source) = 0;
  [[nodiscard]] virtual base::Result<std::vector<model::JudgedUnit>> units(std::string_view source) = 0;

  /// Contents whose files are recorded in a scan. A content recorded twice: the last wins. After a power cut the newest
  /// calls may be gone, as those of record_files.
  [[nodiscard]] virtual base::Status record_contents(std::span<const model::JudgedContent> contents) = 0;
  /// Every content with the verdict that its file has in its scan now, by key as bytes. A content whose file is not
  /// recorded (the newest files were lost in a power cut) is not shown.
  [[nodiscard]] virtual base::Status visit_contents(const ContentVisitor& visitor) = 0;
  /// Where a content was judged; nothing when it was not.
  [[nodiscard]] virtual base::Result<std::optional<model::JudgedContent>> find_content(std::string_view key) = 0;
};

}  // namespace lastgood::casefile
