// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/logs_on_server.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "base/rfc3339.h"
#include "ledger/read_ledger.h"
#include "os/paths.h"
#include "recovery/below.h"
#include "recovery/kept.h"
#include "recovery/saved_logs.h"

namespace lastgood::recovery {

namespace {

std::int64_t newest_by_name(const std::string& folder) {
  constexpr std::size_t k_entries_max = 1'000'000;
  std::int64_t newest_ns = 0;
  std::size_t seen = 0;
  std::error_code trouble;
  for (std::filesystem::directory_iterator at(folder, trouble), end; !trouble && at != end && ++seen <= k_entries_max;
       at.increment(trouble)) {
    std::error_code gone;
    if (!is_log_name(at->path().filename().string()) || at->is_symlink(gone) || !at->is_regular_file(gone) ||
        at->file_size(gone) == 0)
      continue;
    const auto changed = std::chrono::file_clock::to_sys(at->last_write_time(gone));
    if (!gone)
      newest_ns = std::max<std::int64_t>(
          newest_ns, std::chrono::duration_cast<std::chrono::nanoseconds>(changed.time_since_epoch()).count());
  }
  return newest_ns;
}

bool is_real_folder(const std::string& path) {
  std::error_code trouble;
  return std::filesystem::is_directory(std::filesystem::symlink_status(path, trouble));
}

bool has_folder(const ledger::Fields& fields, const std::string& logs) {
  const auto at = fields.find("log_folders");
  const auto* const folders = at == fields.end() ? nullptr : std::get_if<std::vector<std::string>>(&at->second);
  return folders != nullptr && std::find(folders->begin(), folders->end(), logs) != folders->end();
}

OwnLogs find_own_logs(const Plan& plan, const RestoreRequest& done) {
  constexpr std::string_view k_log = "/pg_wal";
  OwnLogs out;
  for (const PlanUnit& unit : plan.units)
    if (unit.own_log_ns != 0) out.emplace(unit.path, unit.path + std::string(k_log));
  if (!out.empty() && done.mode == RestoreMode::in_place) {
    const auto kept = list_kept(
        plan, {.target = done.target, .journal_folder = done.journal_folder, .plan_sha256 = done.plan_sha256});
    std::map<std::string, std::string> aside;
    for (const KeptOriginal& original : kept.ok() ? kept.value() : std::vector<KeptOriginal>()) {
      if (!original.is_folder || original.state != KeptState::kept || !out.contains(original.path)) continue;
      const std::string root = done.target == "/" ? std::string() : done.target;
      aside.insert_or_assign(original.path, root + original.kept_path + std::string(k_log));
    }
    out = std::move(aside);
  }
  for (auto& [unit, folder] : out) folder = os::follow_links(folder);  // a log on a disk of its own stays there
  std::erase_if(out, [](const auto& own) { return !is_real_folder(own.second); });
  return out;
}

}  // namespace

base::Result<std::int64_t> find_newest_log_on_server(casefile::CaseStore& store, const std::string& folder) {
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  const auto is_of_folder = [&](const model::Scan& scan) {
    return scan.source.empty() && scan.finished_ns != 0 &&
           std::any_of(scan.roots.begin(), scan.roots.end(),
                       [&](const std::string& root) { return is_at_or_below(folder, root); });
  };
  const auto newest = std::find_if(scans.rbegin(), scans.rend(), is_of_folder);
  if (newest == scans.rend()) return newest_by_name(folder);
  std::int64_t newest_ns = 0;
  LG_TRY(store.visit_files(
      {.scan_id = newest->id, .verdicts = {model::Verdict::intact}, .path = {}, .path_below = folder, .details = false},
      [&](const model::FileRecord& file) {
        if (is_log_name(std::string_view(file.path).substr(file.path.rfind('/') + 1)))
          newest_ns = std::max(newest_ns, file.mtime_ns);
        return true;
      }));
  return newest_ns;
}

base::Result<std::int64_t> replayed_until(const std::string& case_folder, const std::string& folder) {
  std::int64_t out_ns = 0;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(
                case_folder + "/ledger", {}, [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                  if (entry.kind != "replay-done" || ledger::text_in(entry.fields, "folder") != folder) return;
                  out_ns = base::parse_rfc3339(ledger::text_in(entry.fields, "as_of_after")).value_or(0);
                }));
  return out_ns;
}

base::Result<bool> is_replayed_from(const std::string& case_folder, const std::string& folder,
                                    const std::string& logs) {
  bool is_begun = false;
  bool is_done = false;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(
                case_folder + "/ledger", {}, [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                  const auto text = [&](std::string_view name) { return ledger::text_in(entry.fields, name); };
                  if (entry.kind == "restore-begun" && text("mode") == "in-place") is_done = false;
                  if (text("folder") != folder) return;
                  if (entry.kind == "replay-begun") is_begun = text("logs") == logs || has_folder(entry.fields, logs);
                  if (entry.kind == "replay-done") is_done = is_begun;
                }));
  return is_done;
}

base::Result<OwnLogs> note_own_logs(const Plan& plan, const RestoreRequest& done, const RestoreOutcome& outcome,
                                    ledger::Ledger& ledger) {
  if (!outcome.finished) return OwnLogs();
  OwnLogs own_logs = find_own_logs(plan, done);
  for (const PlanUnit& unit : plan.units) {
    const auto own = own_logs.find(unit.path);
    if (done.mode != RestoreMode::in_place || own == own_logs.end() || unit.logs.until_ns != 0) continue;
    LG_TRY(ledger.append("own-log-kept", {{"folder", unit.path},
                                          {"log", own->second},
                                          {"until", base::format_rfc3339(unit.own_log_ns)},
                                          {"logs_in_backups", unit.logs.places.empty() ? "" : unit.logs.path}}));
  }
  return own_logs;
}

base::Result<std::optional<OwnLog>> find_own_log_left(const std::string& case_folder, const std::string& folder) {
  std::optional<OwnLog> left;
  bool is_begun = false;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(
                case_folder + "/ledger", {}, [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                  const auto text = [&](std::string_view name) { return ledger::text_in(entry.fields, name); };
                  if (text("folder") != folder) return;
                  if (entry.kind == "own-log-kept")
                    left = OwnLog{.folder = text("log"),
                                  .until_ns = base::parse_rfc3339(text("until")).value_or(0),
                                  .logs_in_backups = text("logs_in_backups")};
                  if (entry.kind == "replay-begun") is_begun = left && has_folder(entry.fields, left->folder);
                  if (entry.kind == "replay-done" && is_begun) left.reset();
                }));
  if (left && !is_real_folder(left->folder)) left.reset();
  return left;
}

}  // namespace lastgood::recovery
