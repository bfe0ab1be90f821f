// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Searched files and traced mails in the tables.
#pragma once

#include "casefile/investigation_store.h"
#include "casefile/sqlite/connection.h"

namespace lastgood::casefile {

class SqliteInvestigationStore final : public InvestigationStore {
 public:
  /// `connection` outlives the store.
  explicit SqliteInvestigationStore(Connection& connection) : connection_(connection) {}

  base::Status record_searched(std::span<const model::SearchedFile> files) override;
  base::Status visit_searched(const SearchedVisitor& visitor) override;
  base::Status forget_mails(std::string_view path) override;
  base::Status record_mails(std::span<const model::MailRecord> mails) override;
  base::Status visit_mails(const MailVisitor& visitor) override;

 private:
  Connection& connection_;
};

}  // namespace lastgood::casefile
