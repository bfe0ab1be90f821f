// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/opened_source.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "recovery/emptied_source.h"
#include "recovery/names_zone.h"
#include "sources/name_time.h"

namespace lastgood::recovery {

namespace {

/// What judging saw in a snapshot says more of when it was made than a name that says a day alone.
base::Status take_judged_times(casefile::CaseStore& store, OpenedSource& opened) {
  LG_ASSIGN(const std::string names_in, read_names_zone(store, opened.record.name));
  const auto is_open = [&](const model::Snapshot& one) { return sources::find_open_day(one, names_in).has_value(); };
  if (std::none_of(opened.snapshots.begin(), opened.snapshots.end(), is_open)) return base::Done{};
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(opened.record.name));
  std::map<std::string_view, const model::Snapshot*> by_id;
  for (const model::JudgedSnapshot& one : judged) by_id.emplace(one.snapshot.id, &one.snapshot);
  for (model::Snapshot& snapshot : opened.snapshots) {
    const auto at = by_id.find(snapshot.id);
    if (at != by_id.end()) sources::narrow_day(snapshot, at->second->time_ns, names_in);
  }
  std::stable_sort(opened.snapshots.begin(), opened.snapshots.end(),
                   [](const model::Snapshot& a, const model::Snapshot& b) { return a.time_ns < b.time_ns; });
  return base::Done{};
}

base::Result<OpenedSource> open_one(casefile::CaseStore& store, const model::BackupSource& record,
                                    const sources::OpenOptions& options, PasswordPrompt& prompt) {
  OpenedSource opened;
  LG_ASSIGN(opened.source, open_case_source(store, record, options, prompt));
  LG_ASSIGN(opened.snapshots, opened.source->snapshots());
  opened.record = record;
  // As of an earlier moment it may well have had none.
  if (!options.as_of_ns) LG_TRY(check_not_empty(store, record, opened.snapshots));
  LG_TRY(take_judged_times(store, opened));
  return opened;
}

}  // namespace

base::Result<OpenedSources> open_sources(casefile::CaseStore& store, const std::vector<std::string>& names,
                                         const sources::OpenOptions& options, PasswordPrompt& prompt) {
  OpenedSources out;
  std::vector<model::BackupSource> wanted;
  if (names.empty()) {
    LG_ASSIGN(wanted, store.backups().sources());
  }
  for (const std::string& name : names) {
    LG_ASSIGN(model::BackupSource source, find_source(store, name));
    wanted.push_back(std::move(source));
  }
  if (wanted.empty()) {
    return base::Error{.code = base::ErrorCode::not_found,
                       .what = "the case has no backup source",
                       .path = {},
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = "add one with 'lastgood backups add NAME URL'"};
  }
  for (const model::BackupSource& record : wanted) {
    auto opened = open_one(store, record, options, prompt);
    if (opened.ok()) {
      std::string gone;
      if (!options.as_of_ns) {
        LG_ASSIGN(gone, describe_newest_gone(store, record, opened.value().snapshots));
      }
      if (!gone.empty()) out.shrunk.push_back(std::move(gone));
      out.opened.push_back(std::move(opened).value());
    } else {
      out.failures.push_back(std::move(opened).error());
      out.not_opened.push_back(record.name);
    }
  }
  if (out.opened.empty()) return std::move(out.failures.front());
  return out;
}

std::string describe_failure(const base::Error& failure) {
  return failure.hint.empty() ? failure.what : fmt::format("{} ({})", failure.what, failure.hint);
}

std::string OpenedSources::describe_failures() const {
  std::string out;
  for (const base::Error& failure : failures) out += (out.empty() ? "" : "; ") + describe_failure(failure);
  return out;
}

std::optional<std::vector<std::string>> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    if (part == "..") return std::nullopt;
    if (!part.empty() && part != ".") parts.emplace_back(part);
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

const model::TreeEntry* find_entry(const sources::Folder& folder, std::string_view name) {
  const auto at =
      std::lower_bound(folder.entries.begin(), folder.entries.end(), name,
                       [](const model::TreeEntry& entry, std::string_view key) { return entry.name < key; });
  return at != folder.entries.end() && at->name == name ? &*at : nullptr;
}

base::Result<std::optional<std::string>> find_subtree(sources::Source& source, const std::string& root,
                                                      const std::vector<std::string>& parts) {
  std::string subtree = root;
  for (const std::string& part : parts) {
    LG_ASSIGN(const sources::Folder folder, source.read_folder(subtree));
    const model::TreeEntry* entry = find_entry(folder, part);
    if (entry == nullptr || entry->kind != model::EntryKind::folder) return std::optional<std::string>();
    subtree = entry->subtree;
  }
  return std::optional<std::string>(std::move(subtree));
}

}  // namespace lastgood::recovery
