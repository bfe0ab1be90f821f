// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// InvestigationStore: which files were searched for indicators with what result, and which mails were traced. Part of
// every CaseStore (`CaseStore::investigation`), with the same rules: one thread, atomic verbs, any bytes in texts.
// After a power cut the newest calls may be gone, as those of record_files. Passes testing/investigation_store_suite.h.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "model/investigation_record.h"

namespace lastgood::casefile {

/// False ends the visit early, which is no error. The visitor may call the store.
using SearchedVisitor = std::function<bool(const model::SearchedFile& file)>;
using MailVisitor = std::function<bool(const model::MailRecord& mail)>;

class InvestigationStore {
 public:
  virtual ~InvestigationStore() = default;
  InvestigationStore() = default;
  InvestigationStore(const InvestigationStore&) = delete;
  InvestigationStore& operator=(const InvestigationStore&) = delete;

  /// What was known of the same paths is replaced.
  [[nodiscard]] virtual base::Status record_searched(std::span<const model::SearchedFile> files) = 0;
  /// By path as bytes; one file's values are in memory at a time.
  [[nodiscard]] virtual base::Status visit_searched(const SearchedVisitor& visitor) = 0;

  /// Forgets the mails of the file `path`: before it is traced again.
  [[nodiscard]] virtual base::Status forget_mails(std::string_view path) = 0;
  /// A mail at a place where one is recorded replaces it.
  [[nodiscard]] virtual base::Status record_mails(std::span<const model::MailRecord> mails) = 0;
  /// By path as bytes, then place.
  [[nodiscard]] virtual base::Status visit_mails(const MailVisitor& visitor) = 0;
};

}  // namespace lastgood::casefile
