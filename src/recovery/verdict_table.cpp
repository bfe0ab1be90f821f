// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/verdict_table.h"

#include <algorithm>
#include <cstring>

namespace lastgood::recovery {

base::Result<VerdictTable> VerdictTable::read(casefile::CaseStore& store) {
  VerdictTable table;
  LG_TRY(store.backups().visit_contents([&](const model::ContentVerdict& content) {
    Row row{.key = {}, .verdict = content.verdict, .certainty = content.certainty};
    if (content.key.size() != row.key.size()) return true;
    std::copy(content.key.begin(), content.key.end(), row.key.begin());
    table.rows_.push_back(row);
    return true;
  }));
  return table;
}

const VerdictTable::Row* VerdictTable::find(std::string_view key) const {
  if (key.size() != sizeof(Row::key)) return nullptr;
  const auto at = std::lower_bound(rows_.begin(), rows_.end(), key, [](const Row& row, std::string_view wanted) {
    return std::memcmp(row.key.data(), wanted.data(), row.key.size()) < 0;
  });
  if (at == rows_.end() || std::memcmp(at->key.data(), key.data(), at->key.size()) != 0) return nullptr;
  return &*at;
}

}  // namespace lastgood::recovery
