// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/history.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "recovery/appended_names.h"
#include "recovery/choose_version.h"
#include "recovery/find_version.h"
#include "recovery/unit_copies.h"

namespace lastgood::recovery {

namespace {

using base::Result;
using base::Status;

/// The names that one path may have in a folder: its own, and what the attack made of it.
std::vector<std::string> names_of(const std::string& name, const std::vector<std::string>& extensions) {
  std::vector<std::string> names{name};
  for (const std::string& extension : extensions) names.push_back(name + extension);
  return names;
}

/// What the case says of a file on the live disk; nothing when that scan did not see it.
Result<std::optional<model::FileRecord>> find_record(casefile::CaseStore& store, std::int64_t scan_id,
                                                     const std::string& path) {
  std::optional<model::FileRecord> found;
  LG_TRY(store.visit_files({.scan_id = scan_id, .verdicts = {}, .path = path, .path_below = {}},
                           [&](const model::FileRecord& record) {
                             found = record;
                             return false;
                           }));
  return found;
}

class HistoryReader {
 public:
  HistoryReader(casefile::CaseStore& store, PathHistory& history, std::string folder, std::vector<std::string> names)
      : store_(store), history_(history), folder_(std::move(folder)), names_(std::move(names)) {}

  Status read_source(OpenedSource& opened) {
    const std::optional<std::string> stored = stored_path_of(opened.record, folder_);
    const auto parts = stored ? parts_of(*stored) : std::nullopt;
    if (!parts) return base::Done{};
    run_.clear();
    for (const model::Snapshot& snapshot : opened.snapshots) {
      auto subtree = find_subtree(*opened.source, snapshot.root, *parts);
      auto folder = subtree.ok() && subtree.value() ? opened.source->read_folder(*subtree.value())
                                                    : Result<sources::Folder>(sources::Folder{});
      if (!subtree.ok() || !folder.ok()) {
        history_.remarks.push_back(fmt::format("snapshot {} of '{}' cannot be read here: {}",
                                               base::printable(snapshot.id), base::printable(opened.record.name),
                                               subtree.ok() ? folder.error().what : subtree.error().what));
        continue;
      }
      for (const std::string& name : names_) {
        const model::TreeEntry* entry = find_entry(folder.value(), name);
        if (entry != nullptr) LG_TRY(add(opened, snapshot, *entry));
      }
    }
    return base::Done{};
  }

  Status read_live() {
    LG_ASSIGN(const std::vector<model::Scan> scans, store_.scans());
    for (auto scan = scans.rbegin(); scan != scans.rend(); ++scan) {
      if (!scan->source.empty()) continue;
      for (const std::string& name : names_) {
        LG_ASSIGN(std::optional<model::FileRecord> record, find_record(store_, scan->id, folder_ + "/" + name));
        if (!record || !hosts_.insert(scan->host + "/" + name).second) continue;
        PathVersion& version = history_.versions.emplace_back();
        version.host = scan->host;
        version.first_ns = scan->started_ns;
        version.last_ns = scan->started_ns;
        version.name = name;
        version.size_bytes = record->size_bytes;
        version.mtime_ns = record->mtime_ns;
        version.judged = std::move(record);
      }
    }
    return base::Done{};
  }

 private:
  /// Extends the version of the snapshot before, or begins one.
  Status add(const OpenedSource& opened, const model::Snapshot& snapshot, const model::TreeEntry& entry) {
    for (const std::size_t index : run_) {
      PathVersion& version = history_.versions[index];
      if (version.name != entry.name || version.content_key != entry.content.key || version.kind != entry.kind ||
          version.mtime_ns != entry.mtime_ns) {
        continue;
      }
      version.last_snapshot = snapshot.id;
      version.last_ns = snapshot.time_ns;
      return base::Done{};
    }
    std::optional<model::FileRecord> judged;
    if (entry.kind == model::EntryKind::regular) {
      LG_ASSIGN(judged, find_judged(store_, entry.content.key));
    }
    run_.push_back(history_.versions.size());
    history_.versions.push_back({.source = opened.record.name,
                                 .host = snapshot.host,
                                 .first_snapshot = snapshot.id,
                                 .last_snapshot = snapshot.id,
                                 .first_ns = snapshot.time_ns,
                                 .last_ns = snapshot.time_ns,
                                 .name = entry.name,
                                 .kind = entry.kind,
                                 .size_bytes = entry.content.size_bytes,
                                 .mtime_ns = entry.mtime_ns,
                                 .content_key = entry.content.key,
                                 .judged = std::move(judged)});
    return base::Done{};
  }

  casefile::CaseStore& store_;
  PathHistory& history_;
  std::string folder_;
  std::vector<std::string> names_;
  std::vector<std::size_t> run_;  // versions of the source that is read
  std::set<std::string> hosts_;
};

void mark_last_good(std::vector<PathVersion>& versions) {
  PathVersion* best = nullptr;
  const bool is_database = std::any_of(versions.begin(), versions.end(), [](const PathVersion& version) {
    return !version.source.empty() && is_good_database(version.judged);
  });
  for (PathVersion& version : versions) {
    if (is_database && version.size_bytes == 0) continue;  // emptied
    if (version.source.empty() || !version.judged || !is_good(version.judged->verdict)) continue;
    const auto age = [](const PathVersion& v) { return std::pair(v.mtime_ns, v.last_ns); };
    if (best == nullptr || age(version) > age(*best)) best = &version;
  }
  if (best != nullptr) best->rank = PathVersion::Rank::last_good;
}

/// The newest usable set is the last good one.
Status read_units(casefile::CaseStore& store, const OpenedSources& sources, PathHistory& history) {
  for (const OpenedSource& opened : sources.opened) {
    const std::optional<std::string> stored = stored_path_of(opened.record, history.path);
    LG_ASSIGN(const std::vector<model::JudgedUnit> units, store.backups().units(opened.record.name));
    for (const model::JudgedUnit& unit : units) {
      if (!stored || unit.path != *stored) continue;
      const auto snapshot =
          std::find_if(opened.snapshots.begin(), opened.snapshots.end(),
                       [&](const model::Snapshot& candidate) { return candidate.id == unit.snapshot; });
      if (snapshot == opened.snapshots.end()) continue;
      history.units.push_back({.source = opened.record.name, .snapshot_ns = snapshot->time_ns, .unit = unit});
    }
  }
  std::stable_sort(history.units.begin(), history.units.end(),
                   [](const UnitVersion& a, const UnitVersion& b) { return a.snapshot_ns > b.snapshot_ns; });
  const auto good = std::find_if(history.units.begin(), history.units.end(),
                                 [](const UnitVersion& version) { return is_usable(version.unit); });
  if (good != history.units.end()) good->rank = PathVersion::Rank::last_good;
  return base::Done{};
}

}  // namespace

Result<PathHistory> read_history(const std::string& path, OpenedSources& sources, casefile::CaseStore& store) {
  const auto parts = parts_of(path);
  if (!parts || parts->empty() || !path.starts_with('/')) {
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = fmt::format("'{}' is no absolute path of a file", base::printable(path)),
                       .path = path,
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = "give the path as it was on the server, such as /srv/lab/results.csv"};
  }
  LG_ASSIGN(const std::vector<std::string> extensions, appended_extensions(store));
  PathHistory history;
  std::string folder;
  for (std::size_t i = 0; i + 1 < parts->size(); ++i) folder += "/" + parts->at(i);
  const std::string name = original_name(parts->back(), extensions);
  history.path = folder + "/" + name;
  HistoryReader reader(store, history, folder, names_of(name, extensions));
  LG_TRY(reader.read_live());
  for (OpenedSource& opened : sources.opened) LG_TRY(reader.read_source(opened));
  std::stable_sort(history.versions.begin(), history.versions.end(), [](const PathVersion& a, const PathVersion& b) {
    return std::pair(a.last_ns, a.mtime_ns) > std::pair(b.last_ns, b.mtime_ns);
  });
  mark_last_good(history.versions);
  LG_TRY(read_units(store, sources, history));
  return history;
}

}  // namespace lastgood::recovery
