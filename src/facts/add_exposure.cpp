// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "facts/add_exposure.h"

#include <algorithm>

#include "exposure/read_results.h"

namespace lastgood::facts {

namespace {

PersonsFacts persons_of(const exposure::PersonBounds& bounds) {
  return {.basis = std::string(exposure::name_of(bounds.basis)),
          .at_least = bounds.lower,
          // What was not read may hold more: then there is no upper bound.
          .at_most = bounds.is_at_least ? std::nullopt : bounds.upper,
          .is_final = bounds.standing == exposure::Standing::final,
          .sentence = bounds.reason};
}

}  // namespace

base::Result<ExposureFacts> read_exposure(const std::string& case_folder) {
  ExposureFacts out;
  LG_ASSIGN(const auto results, exposure::read_results(case_folder));
  if (!results) return out;
  out.counted = results->made;
  out.files = results->table_files;
  out.unread_files = results->unread_count;
  for (const exposure::PersonBounds& bounds : results->bases) out.persons.push_back(persons_of(bounds));
  for (const exposure::TableResult& table : results->tables) {
    out.rows += table.rows;
    for (const exposure::ColumnResult& column : table.recognised) {
      const std::string kind(persons::name_of(column.kind));
      if (std::find(out.kinds.begin(), out.kinds.end(), kind) == out.kinds.end()) out.kinds.push_back(kind);
    }
  }
  std::sort(out.kinds.begin(), out.kinds.end());
  return out;
}

}  // namespace lastgood::facts
