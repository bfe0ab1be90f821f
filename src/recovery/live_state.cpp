// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/live_state.h"

#include <algorithm>
#include <functional>
#include <map>

#include "recovery/appended_names.h"
#include "recovery/below.h"

namespace lastgood::recovery {

namespace {

using model::Verdict;

/// Where it stood before the attack: by what judging says, else by the extensions of the campaigns.
std::string path_before(const model::FileRecord& record, const std::vector<std::string>& extensions) {
  const std::size_t slash = record.path.find_last_of('/');
  const std::string folder = record.path.substr(0, slash + 1);
  const std::string name = record.path.substr(slash + 1);
  const bool is_struck = record.verdict == Verdict::encrypted || record.verdict == Verdict::partly_encrypted;
  const std::string stripped = original_name(name, extensions);
  if (stripped != name) return folder + stripped;
  return is_struck && !record.original_name.empty() ? folder + record.original_name : record.path;
}

void add(LiveState& live, const model::Scan& scan, const model::FileRecord& record,
         const std::vector<std::string>& extensions) {
  switch (record.verdict) {
    case Verdict::intact:
    case Verdict::protected_:
    case Verdict::unreadable:
      live.left_alone.insert(std::hash<std::string_view>()(record.path));
      if (record.verdict == Verdict::intact && record.size_bytes == 0) live.empty.emplace(record.path, record.mtime_ns);
      return;
    case Verdict::note: return;
    case Verdict::encrypted:
    case Verdict::partly_encrypted:
    case Verdict::damaged:
    case Verdict::undecided: break;
  }
  live.hit.insert_or_assign(path_before(record, extensions), HitFile{.current_path = record.path,
                                                                     .size_bytes = record.size_bytes,
                                                                     .mtime_ns = record.mtime_ns,
                                                                     .ctime_ns = record.ctime_ns,
                                                                     .verdict = record.verdict,
                                                                     .seen_ns = scan.finished_ns});
}

}  // namespace

bool LiveState::is_changed_by_then(const HitFile& file) const {
  constexpr std::int64_t k_slack_ns = 60'000'000'000;  // as campaigns count the minutes of an attack
  return std::any_of(windows.begin(), windows.end(), [&](const AttackWindow& window) {
    const auto is_in = [&](std::int64_t ns) {
      return ns >= window.first_ns - k_slack_ns && ns <= window.last_ns + k_slack_ns;
    };
    return is_in(file.mtime_ns) || is_in(file.ctime_ns);
  });
}

bool LiveState::covers(std::string_view path) const {
  return std::any_of(roots.begin(), roots.end(), [&](const std::string& root) { return is_at_or_below(path, root); });
}

bool LiveState::is_left_alone(std::string_view path) const {
  return left_alone.contains(std::hash<std::string_view>()(path));
}

base::Result<LiveState> read_live_state(casefile::CaseStore& store, const std::vector<std::string>& extensions) {
  LiveState live;
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  std::map<std::pair<std::string, std::vector<std::string>>, const model::Scan*> newest;
  for (const model::Scan& scan : scans) {
    if (scan.source.empty() && scan.finished_ns != 0) newest[{scan.host, scan.roots}] = &scan;
  }
  // What a newer scan of the same machine has looked at is told by that one.
  const auto is_seen_later = [&](const model::Scan& than, const std::string& path) {
    return std::any_of(newest.begin(), newest.end(), [&](const auto& one) {
      const model::Scan& later = *one.second;
      return later.id > than.id && later.host == than.host &&
             std::any_of(later.roots.begin(), later.roots.end(),
                         [&](const std::string& root) { return is_at_or_below(path, root); });
    });
  };
  for (const auto& [place, scan_of_place] : newest) {
    const model::Scan* const scan = scan_of_place;
    live.roots.insert(live.roots.end(), scan->roots.begin(), scan->roots.end());
    LG_TRY(store.visit_files({.scan_id = scan->id, .verdicts = {}, .path = {}, .path_below = {}, .details = true},
                             [&](const model::FileRecord& record) {
                               if (!is_seen_later(*scan, record.path)) add(live, *scan, record, extensions);
                               return true;
                             }));
    LG_ASSIGN(const std::vector<model::Campaign> campaigns, store.campaigns(scan->id));
    for (const model::Campaign& campaign : campaigns) {
      if (campaign.first_change_ns == 0) continue;
      live.windows.push_back({.first_ns = campaign.first_change_ns, .last_ns = campaign.last_change_ns});
      if (live.attack_began_ns == 0 || campaign.first_change_ns < live.attack_began_ns)
        live.attack_began_ns = campaign.first_change_ns;
    }
  }
  return live;
}

}  // namespace lastgood::recovery
