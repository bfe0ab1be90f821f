// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/unread_logs.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "os/paths.h"
#include "recovery/case_sources.h"
#include "recovery/saved_logs.h"

namespace lastgood::recovery {

namespace {

base::Result<bool> has_seen_logs(casefile::CaseStore& store, const std::vector<model::Scan>& scans,
                                 const std::string& folder) {
  bool found = false;
  for (const model::Scan& scan : scans) {
    if (scan.source.empty() || found) continue;
    LG_TRY(store.visit_files({.scan_id = scan.id, .verdicts = {}, .path = {}, .path_below = folder, .details = false},
                             [&](const model::FileRecord& file) {
                               found = is_log_name(std::string_view(file.path).substr(file.path.rfind('/') + 1));
                               return !found;
                             }));
  }
  return found;
}

base::Result<bool> may_have_logs(casefile::CaseStore& store, const std::string& name, const std::string& path) {
  LG_ASSIGN(const model::BackupSource record, find_source(store, name));
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(name));
  const auto stored = stored_path_of(record, path);
  if (!stored) return false;
  if (judged.empty()) return true;
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  std::vector<model::Snapshot> snapshots;
  for (const model::JudgedSnapshot& one : judged) snapshots.push_back(one.snapshot);
  for (const std::string& label : label_snapshots(snapshots)) {
    LG_ASSIGN(const bool has_logs, has_seen_logs(store, scans, fmt::format("/{}/{}{}", name, label, *stored)));
    if (has_logs) return true;
  }
  return std::any_of(judged.begin(), judged.end(), [](const model::JudgedSnapshot& one) { return one.open > 0; });
}

}  // namespace

base::Result<std::string> describe_unread_logs(casefile::CaseStore& store, const OpenedSources& sources,
                                               const std::string& path) {
  std::string out;
  // Judging has seen nothing in it either: its disk was away then, too, or nobody has put anything there yet.
  for (const OpenedSource& opened : sources.opened) {
    if (opened.snapshots.empty() && stored_path_of(opened.record, path))
      out += fmt::format("{}source '{}' ({}) holds nothing (is it mounted?)", out.empty() ? "" : "; ",
                         base::printable(opened.record.name), base::printable(opened.record.address));
  }
  const std::string home = os::follow_links(path);
  for (std::size_t i = 0; i < sources.failures.size(); ++i) {
    LG_ASSIGN(bool is_of_it, may_have_logs(store, sources.not_opened[i], path));
    if (!is_of_it && home != path) {
      LG_ASSIGN(is_of_it, may_have_logs(store, sources.not_opened[i], home));
    }
    if (!is_of_it) continue;
    out += (out.empty() ? "" : "; ") + describe_failure(sources.failures[i]);
  }
  return out;
}

}  // namespace lastgood::recovery
