// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/exchanged_since.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <variant>
#include <vector>

#include "base/rfc3339.h"
#include "ledger/read_ledger.h"
#include "os/evidence.h"
#include "os/evidence_entry.h"
#include "recovery/below.h"
#include "recovery/stands_as_seen.h"

namespace lastgood::recovery {

namespace {

/// A restore in place of this machine, by its journal's entries in the ledger.
struct OwnRestore {
  std::string plan;
  std::int64_t begun_ns = 0;
  std::vector<std::string> databases;
  bool has_ended = false;
};

void take(const ledger::Entry& entry, std::map<std::string, OwnRestore>& by_journal) {
  const auto text = [&](std::string_view name) { return ledger::text_in(entry.fields, name); };
  if (entry.kind == "restore-begun" && text("mode") == "in-place" && text("target") == "/")
    by_journal[text("journal")] = {.plan = text("plan_sha256"),
                                   .begun_ns = base::parse_rfc3339(entry.time).value_or(0)};
  if (entry.kind == "restore-finished" && text("outcome") == "finished") {
    const auto at = by_journal.find(text("journal"));
    if (at != by_journal.end()) at->second.has_ended = true;
  }
  if (entry.kind != "service-data-restored" || text("target") != "/") return;
  const auto named = entry.fields.find("databases");
  const auto* list = named == entry.fields.end() ? nullptr : std::get_if<std::vector<std::string>>(&named->second);
  if (list == nullptr) return;
  for (auto& [journal, restore] : by_journal) {
    if (restore.plan != text("plan_sha256")) continue;
    // "2022-11-23T01:36:58Z /srv/pg", the time may be missing.
    for (const std::string& one : *list) restore.databases.push_back(one.substr(one.find(' ') + 1));
  }
}

bool stands_there_again(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const auto folder = os::open_evidence_root(path.substr(0, std::max<std::size_t>(slash, 1)));
  return folder.ok() && os::status_at(folder.value(), path.substr(slash + 1), path).ok();
}

bool is_exchanged(const std::string& path, const HitFile& hit, const std::map<std::string, OwnRestore>& restores) {
  const auto is_later = [&](const auto& one) { return one.second.has_ended && one.second.begun_ns >= hit.seen_ns; };
  if (hit.seen_ns == 0 || std::none_of(restores.begin(), restores.end(), is_later)) return false;
  const SeenFile seen{.size_bytes = hit.size_bytes, .mtime_ns = hit.mtime_ns, .verdict = hit.verdict};
  if (stands_as_seen(hit.current_path, seen)) return false;
  if (stands_there_again(path)) return true;
  return std::any_of(restores.begin(), restores.end(), [&](const auto& one) {
    return is_later(one) && std::any_of(one.second.databases.begin(), one.second.databases.end(),
                                        [&](const std::string& folder) { return is_at_or_below(path, folder); });
  });
}

}  // namespace

base::Status leave_exchanged(LiveState& live, const std::string& case_folder) {
  std::map<std::string, OwnRestore> restores;
  LG_ASSIGN(
      [[maybe_unused]] const ledger::ReadLedger read,
      ledger::read_ledger(case_folder + "/ledger", {},
                          [&](const ledger::Entry& entry, std::string_view, std::uint64_t) { take(entry, restores); }));
  if (restores.empty()) return base::Done{};
  for (auto at = live.hit.begin(); at != live.hit.end();) {
    if (!is_exchanged(at->first, at->second, restores)) {
      ++at;
      continue;
    }
    if (stands_there_again(at->first)) live.left_alone.insert(std::hash<std::string_view>()(at->first));
    at = live.hit.erase(at);
  }
  return base::Done{};
}

}  // namespace lastgood::recovery
