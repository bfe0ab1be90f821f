// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/testing/memory_investigation_store.h"

namespace lastgood::casefile::testing {

base::Status MemoryInvestigationStore::record_searched(std::span<const model::SearchedFile> files) {
  for (const model::SearchedFile& file : files) searched_.insert_or_assign(file.path, file);
  return base::Done{};
}

base::Status MemoryInvestigationStore::visit_searched(const SearchedVisitor& visitor) {
  for (const auto& [path, file] : searched_) {
    if (!visitor(file)) break;
  }
  return base::Done{};
}

base::Status MemoryInvestigationStore::forget_mails(std::string_view path) {
  std::erase_if(mails_, [&](const auto& entry) { return entry.first.first == path; });
  return base::Done{};
}

base::Status MemoryInvestigationStore::record_mails(std::span<const model::MailRecord> mails) {
  for (const model::MailRecord& mail : mails) mails_.insert_or_assign({mail.path, mail.begin_bytes}, mail);
  return base::Done{};
}

base::Status MemoryInvestigationStore::visit_mails(const MailVisitor& visitor) {
  for (const auto& [place, mail] : mails_) {
    if (!visitor(mail)) break;
  }
  return base::Done{};
}

}  // namespace lastgood::casefile::testing
