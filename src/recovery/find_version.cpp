// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/find_version.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "sources/content_bytes.h"

namespace lastgood::recovery {

namespace {

using base::Result;

/// Newest first.
Result<std::vector<const model::Snapshot*>> find_snapshots(const OpenedSource& opened, std::string_view prefix) {
  std::vector<const model::Snapshot*> found;
  for (auto at = opened.snapshots.rbegin(); at != opened.snapshots.rend(); ++at) {
    if (at->id == prefix) return std::vector<const model::Snapshot*>{&*at};
    if (at->id.starts_with(prefix)) found.push_back(&*at);
  }
  if (prefix.empty() || found.size() == 1) return found;
  return base::Error{.code = found.empty() ? base::ErrorCode::not_found : base::ErrorCode::misuse,
                     .what = found.empty() ? fmt::format("'{}' has no snapshot '{}'",
                                                         base::printable(opened.record.name), base::printable(prefix))
                                           : fmt::format("{} snapshots of '{}' begin with '{}'", found.size(),
                                                         base::printable(opened.record.name), base::printable(prefix)),
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = fmt::format("'lastgood backups list {}' names them", base::printable(opened.record.name))};
}

Result<std::optional<FoundVersion>> find_in(OpenedSource& opened, const model::Snapshot& snapshot,
                                            const std::vector<std::string>& folder, const std::string& name) {
  LG_ASSIGN(const std::optional<std::string> subtree, find_subtree(*opened.source, snapshot.root, folder));
  if (!subtree) return std::optional<FoundVersion>();
  LG_ASSIGN(const sources::Folder listed, opened.source->read_folder(*subtree));
  const model::TreeEntry* const entry = find_entry(listed, name);
  if (entry == nullptr || entry->kind != model::EntryKind::regular) return std::optional<FoundVersion>();
  LG_ASSIGN(std::unique_ptr<sources::Content> content, opened.source->open_content(entry->content));
  FoundVersion found{.snapshot = snapshot, .entry = *entry, .bytes = nullptr};
  found.bytes = std::make_unique<sources::ContentBytes>(std::move(content));
  return std::optional<FoundVersion>(std::move(found));
}

}  // namespace

Result<FoundVersion> find_version(OpenedSource& opened, const std::string& path, std::string_view snapshot) {
  const std::optional<std::string> stored = stored_path_of(opened.record, path);
  auto parts = parts_of(stored.value_or(path));
  LG_ASSIGN(const std::vector<const model::Snapshot*> snapshots, find_snapshots(opened, snapshot));
  if (stored && parts && !parts->empty()) {
    const std::string name = std::move(parts->back());
    parts->pop_back();
    for (const model::Snapshot* const candidate : snapshots) {
      LG_ASSIGN(std::optional<FoundVersion> found, find_in(opened, *candidate, *parts, name));
      if (found) return *std::move(found);
    }
  }
  return base::Error{
      .code = base::ErrorCode::not_found,
      .what = fmt::format("no file '{}' in {} of '{}'", base::printable(path),
                          snapshot.empty() ? "any snapshot" : "this snapshot", base::printable(opened.record.name)),
      .path = {},
      .offset_bytes = {},
      .system_errno = 0,
      .hint = "'lastgood history PATH' shows which versions there are, and under which names"};
}

bool is_good_database(const std::optional<model::FileRecord>& judged) {
  return judged && judged->verdict == model::Verdict::intact && judged->format == "sqlite";
}

Result<std::optional<model::FileRecord>> find_judged(casefile::CaseStore& store, const model::ContentKey& key) {
  std::optional<model::FileRecord> found;
  LG_ASSIGN(const std::optional<model::JudgedContent> content, store.backups().find_content(key));
  if (!content) return found;
  LG_TRY(store.visit_files({.scan_id = content->scan_id, .verdicts = {}, .path = content->path, .path_below = {}},
                           [&](const model::FileRecord& record) {
                             found = record;
                             return false;
                           }));
  return found;
}

}  // namespace lastgood::recovery
