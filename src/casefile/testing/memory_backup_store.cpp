// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "casefile/testing/memory_backup_store.h"

#include <algorithm>

#include "casefile/file_place.h"

namespace lastgood::casefile::testing {

base::Status MemoryBackupStore::put_source(const model::BackupSource& source) {
  const auto at = std::find_if(sources_.begin(), sources_.end(), [&](const auto& s) { return s.name == source.name; });
  if (at == sources_.end()) {
    sources_.push_back(source);
  } else {
    *at = source;
  }
  return base::Done{};
}

base::Status MemoryBackupStore::record_snapshots(std::string_view source,
                                                 std::span<const model::JudgedSnapshot> snapshots,
                                                 std::span<const model::JudgedUnit> units) {
  if (std::none_of(sources_.begin(), sources_.end(), [&](const auto& s) { return s.name == source; })) {
    return base::Error{.code = base::ErrorCode::not_found,
                       .what = "no such source",
                       .path = {},
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = {}};
  }
  snapshots_[std::string(source)].assign(snapshots.begin(), snapshots.end());
  units_[std::string(source)].assign(units.begin(), units.end());
  return base::Done{};
}

base::Result<std::vector<model::JudgedSnapshot>> MemoryBackupStore::snapshots(std::string_view source) {
  const auto at = snapshots_.find(source);
  return at == snapshots_.end() ? std::vector<model::JudgedSnapshot>() : at->second;
}

base::Result<std::vector<model::JudgedUnit>> MemoryBackupStore::units(std::string_view source) {
  const auto at = units_.find(source);
  return at == units_.end() ? std::vector<model::JudgedUnit>() : at->second;
}

base::Status MemoryBackupStore::record_contents(std::span<const model::JudgedContent> contents) {
  for (const model::JudgedContent& content : contents) LG_TRY(place_of(content.path));
  for (const model::JudgedContent& content : contents) contents_.insert_or_assign(content.key, content);
  return base::Done{};
}

base::Status MemoryBackupStore::visit_contents(const ContentVisitor& visitor) {
  // By key and not by iterator: the visitor may record contents.
  for (auto at = contents_.begin(); at != contents_.end();) {
    const model::JudgedContent content = at->second;
    const auto file = find_file_(content.scan_id, content.path);
    if (file && !visitor({.key = content.key, .verdict = file->verdict, .certainty = file->certainty})) break;
    at = contents_.upper_bound(content.key);
  }
  return base::Done{};
}

base::Result<std::optional<model::JudgedContent>> MemoryBackupStore::find_content(std::string_view key) {
  const auto at = contents_.find(key);
  return at == contents_.end() ? std::optional<model::JudgedContent>() : std::optional(at->second);
}

}  // namespace lastgood::casefile::testing
