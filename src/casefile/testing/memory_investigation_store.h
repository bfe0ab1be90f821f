// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The fake's third for searched files and mails; part of MemoryCaseStore.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "casefile/investigation_store.h"

namespace lastgood::casefile::testing {

class MemoryInvestigationStore final : public InvestigationStore {
 public:
  base::Status record_searched(std::span<const model::SearchedFile> files) override;
  base::Status visit_searched(const SearchedVisitor& visitor) override;
  base::Status forget_mails(std::string_view path) override;
  base::Status record_mails(std::span<const model::MailRecord> mails) override;
  base::Status visit_mails(const MailVisitor& visitor) override;

 private:
  std::map<std::string, model::SearchedFile, std::less<>> searched_;
  std::map<std::pair<std::string, std::uint64_t>, model::MailRecord> mails_;
};

}  // namespace lastgood::casefile::testing
