// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore_plan.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "os/atomic_file.h"
#include "os/folder.h"
#include "recovery/plan_file.h"
#include "recovery/plan_services.h"
#include "recovery/restore/check_target.h"
#include "recovery/restore/file_pipeline.h"
#include "recovery/restore/fill_list.h"
#include "recovery/restore/gone_since.h"
#include "recovery/restore/loss_map.h"
#include "recovery/restore/place_file.h"
#include "recovery/restore/place_folders.h"
#include "recovery/restore/place_others.h"
#include "recovery/restore/plan_journal.h"
#include "recovery/restore/resolve_items.h"
#include "recovery/restore/restore_run.h"
#include "recovery/restore/restore_units.h"
#include "recovery/restore/share_blocks.h"

namespace lastgood::recovery {

namespace {

using restore::RestoreRun;

/// Folders in which the plan puts files that may be settings of a database server: whoever starts one asks for them.
/// The target as a whole where they are too many to be named.
std::vector<std::string> folders_of_settings(const Plan& plan, const std::string& target) {
  constexpr std::size_t k_folders_max = 2000;
  constexpr std::size_t k_bytes_max = std::size_t{256} << 10U;
  constexpr std::array<std::string_view, 4> k_ends = {".conf", ".cnf", ".ini", ".signal"};
  const std::string root = target == "/" ? std::string() : target;
  std::set<std::string> folders;
  std::size_t bytes = 0;
  for (const PlanItem& item : plan.items) {
    const bool is_setting =
        std::any_of(k_ends.begin(), k_ends.end(), [&](std::string_view end) { return item.path.ends_with(end); });
    if (!is_setting || item.kind == model::EntryKind::folder) continue;
    const auto [at, is_new] = folders.insert(root + item.path.substr(0, item.path.rfind('/')));
    if (is_new) bytes += at->size();
    if (folders.size() > k_folders_max || bytes > k_bytes_max) return {root + "/"};
  }
  return {folders.begin(), folders.end()};
}

/// What the plan knows to be lost, for whoever reports later and has no plan: names of a few, else folders, "12
/// /srv/a".
void tell_losses(const Plan& plan, ledger::Fields& fields) {
  constexpr std::size_t k_names_max = 40;
  constexpr std::size_t k_folders_max = 200;
  fields["lost"] = static_cast<std::int64_t>(plan.losses.size());
  std::map<std::string, std::size_t> by_folder;
  std::vector<std::string> names;
  for (const PlanLoss& loss : plan.losses) {
    if (names.size() < k_names_max) names.push_back(loss.path);
    ++by_folder[loss.path.substr(0, loss.path.rfind('/'))];
  }
  if (plan.losses.size() <= k_names_max) {
    fields["lost_paths"] = names;
    return;
  }
  std::vector<std::string> folders;
  for (const auto& [folder, count] : by_folder) {
    if (folders.size() < k_folders_max) folders.push_back(fmt::format("{} {}", count, folder));
  }
  fields["lost_in"] = folders;
}

/// Until the ledger says what became of their logs, no service is started on them (awaited_replay.h).
std::vector<std::string> paths_to_replay(const Plan& plan) {
  std::vector<std::string> out;
  for (const PlanUnit& unit : plan.units) {
    if (unit.logs.can_replay() || unit.logs.waits_for_source()) out.push_back(unit.path);
  }
  return out;
}

base::Status tell_ledger(RestoreRun& run, std::string_view kind, const std::string& how) {
  const RestoreTally& tally = run.outcome.tally;
  const auto number = [](std::uint64_t value) { return static_cast<std::int64_t>(value); };
  ledger::Fields fields{{"plan_sha256", run.request.plan_sha256},
                        {"target", run.target.path()},
                        {"mode", std::string(run.in_place() ? "in-place" : "beside")},
                        {"journal", run.journal.path()},
                        {"items", number(run.plan.items.size())},
                        {"items_known", number(tally.known)}};
  if (kind == "restore-begun") {
    fields["settings_in"] = folders_of_settings(run.plan, run.target.path());
    fields["to_replay"] = paths_to_replay(run.plan);
    tell_losses(run.plan, fields);
  }
  if (!how.empty()) {
    fields["outcome"] = how;
    fields["files"] = number(tally.files);
    fields["bytes"] = number(tally.bytes);
    fields["refused"] = number(tally.refused);
    fields["incomplete"] = number(tally.incomplete);
    fields["shared_bytes"] = number(tally.shared_bytes);
    fields["filled"] = number(tally.filled);
    fields["originals_kept"] = number(tally.kept);
  }
  const auto entry = run.ledger.append(kind, fields);
  return entry.ok() ? base::Status(base::Done{}) : base::Status(entry.error());
}

void count_items(const Plan& plan, const restore::JournalState& state, RestoreTally& tally) {
  for (std::size_t i = 0; i < plan.items.size(); ++i) {
    if (plan.items[i].kind == model::EntryKind::regular) {
      ++tally.files_total;
      tally.bytes_total += plan.items[i].size_bytes;
    }
    if (state.done[i] == 0) continue;
    ++tally.known;
    if (plan.items[i].kind == model::EntryKind::regular) tally.bytes_known += plan.items[i].size_bytes;
  }
}

/// Folders, links and nodes: done only when they are on disk.
base::Status record_late(RestoreRun& run) {
  if (run.synced()) LG_TRY(run.target.sync_all(run.mounts));
  for (std::size_t from = 0; from < run.late_done.size(); from += restore::k_entries_per_record) {
    const auto begin = run.late_done.begin() + static_cast<std::ptrdiff_t>(from);
    const std::size_t count = std::min(restore::k_entries_per_record, run.late_done.size() - from);
    LG_TRY(run.journal.append_unsynced(restore::DoneRecord{{begin, begin + static_cast<std::ptrdiff_t>(count)}}));
  }
  run.late_done.clear();
  return run.journal.sync();
}

/// Files by the stage they come in.
std::vector<std::vector<std::uint32_t>> sort_by_stage(const RestoreRun& run, const PlanStages& stages,
                                                      std::vector<std::uint32_t> files) {
  std::vector<std::vector<std::uint32_t>> out(stages.count());
  if (stages.count() == 1) {
    out.front() = std::move(files);
    return out;
  }
  for (const std::uint32_t file : files) out[stages.stage_of(run.item(run.items.files[file]).path)].push_back(file);
  return out;
}

/// Whether anything of this stage stands where this plan puts it, by this run or an earlier one.
bool has_come_back(const RestoreRun& run, const PlanStages& stages, std::uint32_t stage,
                   const std::vector<std::uint32_t>& files, const restore::RestoreParts& parts) {
  const auto is_done = [&](std::uint32_t file) { return run.journal.state().is_done(run.items.files[file].item); };
  if (std::any_of(files.begin(), files.end(), is_done)) return true;
  for (const std::uint32_t file : parts.done_files)
    if (stages.stage_of(run.item(run.items.files[file]).path) == stage) return true;
  for (std::uint32_t unit = 0; unit < run.plan.units.size(); ++unit) {
    const bool is_placed = run.journal.state().units.contains(unit) || run.units_placed.contains(unit);
    if (is_placed && stages.stage_of(run.plan.units[unit].path) == stage) return true;
  }
  return false;
}

/// As of when its own data are, apart from what it waits for: logs are replayed when all is restored, and the ledger
/// says then what that came to.
base::Status tell_service(RestoreRun& run, const PlanService& service, const OwnTimes& own) {
  const auto time_or_none = [](std::int64_t ns) { return ns == 0 ? std::string() : base::format_rfc3339(ns); };
  std::vector<std::string> databases;
  for (const OwnTimes::Database& database : own.databases)
    if (!run.outcome.was_left_alone(database.path))
      databases.push_back(time_or_none(database.as_of_ns) + " " + database.path);
  const auto entry =
      run.ledger.append("service-data-restored", {{"plan_sha256", run.request.plan_sha256},
                                                  {"target", run.target.path()},
                                                  {"service", service.id},
                                                  {"bytes", static_cast<std::int64_t>(service.bytes)},
                                                  {"refused", static_cast<std::int64_t>(run.outcome.tally.refused)},
                                                  {"from", service.from},
                                                  {"data_as_of", time_or_none(service.without_logs_ns)},
                                                  {"databases", databases},
                                                  {"sets_as_of", time_or_none(own.sets_ns)},
                                                  {"files_as_of", time_or_none(own.files_ns)}});
  return entry.ok() ? base::Status(base::Done{}) : base::Status(entry.error());
}

/// The files of a service, then its databases; further names, links and nodes come with the last stage.
base::Status restore_stage(RestoreRun& run, const PlanStages& stages, std::uint32_t stage,
                           const std::vector<std::uint32_t>& files, const OwnTimes& own_times,
                           const restore::RestoreParts& parts, restore::RestoreUnits& units,
                           restore::FoldersMade& made) {
  const PlanService* service = stages.service_of(stage);
  run.progress.step(service == nullptr ? std::string("restoring files")
                                       : fmt::format("restoring files of '{}'", base::printable(service->title)));
  LG_TRY(restore::restore_files(run, files));
  if (run.stop) return base::Done{};
  if (stage + 1 == stages.count()) {
    LG_TRY(restore::link_more_names(run, parts.more_names));
    LG_TRY(restore::place_others(run, parts.others));
    if (run.stop) return base::Done{};
  }
  LG_TRY(units.restore(made, stages, stage));
  if (run.stop || service == nullptr) return base::Done{};
  // Of a service whose data were left as they stand nothing has changed. One without any comes back with the others.
  const bool has_none = own_times.databases.empty() && own_times.sets_ns == 0 && own_times.files_ns == 0;
  const bool is_back = has_none ? run.is_any_back : has_come_back(run, stages, stage, files, parts);
  run.is_any_back = run.is_any_back || is_back;
  return is_back ? tell_service(run, *service, own_times) : base::Status(base::Done{});
}

/// The steps, in the order in which one does not undo another.
base::Status carry_out(RestoreRun& run) {
  LG_TRY(restore::prepare_own_folders(run));
  LG_TRY(restore::settle_intents(run));
  restore::RestoreUnits units(run);
  LG_TRY(units.put_elsewhere());
  run.progress.step("making folders");
  LG_ASSIGN(restore::FoldersMade made, restore::make_folders(run));

  restore::RestoreParts parts = units.outside();
  const PlanStages stages(run.plan);
  const auto by_stage = sort_by_stage(run, stages, parts.files);
  const std::vector<OwnTimes> own_times = find_own_times(run.plan, stages);
  for (std::uint32_t stage = 0; stage < stages.count(); ++stage) {
    LG_TRY(restore_stage(run, stages, stage, by_stage[stage], own_times[stage], parts, units, made));
    if (run.stop) return base::Done{};
  }

  run.progress.step("setting what folders carry");
  LG_TRY(restore::flag_files(run, parts.all_files()));
  LG_TRY(restore::finish_folders(run, made, parts.folders));
  LG_TRY(restore::remove_own_folders(run));
  return record_late(run);
}

base::Status finish(RestoreRun& run) {
  for (auto* troubles : {&run.outcome.refused, &run.outcome.remarks}) {
    std::stable_sort(troubles->begin(), troubles->end(),
                     [](const ItemTrouble& a, const ItemTrouble& b) { return a.path < b.path; });
  }
  restore::tell_fills(run.plan, run.journal.state(), run.filled, run.outcome);
  LG_TRY(restore::write_loss_map(run));
  run.outcome.finished = !run.stop;
  if (run.outcome.finished && run.outcome.refused.empty() && run.outcome.incomplete.empty()) {
    LG_TRY(run.journal.append(restore::FinishedRecord{}));
  }
  run.tell();
  return tell_ledger(run, "restore-finished", run.outcome.finished ? "finished" : "cancelled");
}

}  // namespace

base::Result<RestoreOutcome> restore_plan(const Plan& plan, std::span<sources::Source* const> sources,
                                          const RestoreRequest& request, RestoreProgress& progress,
                                          ledger::Ledger& ledger) {
  LG_TRY(restore::check_request(plan, sources, request));
  LG_ASSIGN(const os::RestoreTarget target, restore::open_target(request));
  LG_TRY(restore::check_apart_from_sources(plan, request, target));
  const std::string journal_path = restore::plan_journal_path(request, target);
  LG_TRY(restore::check_empty_or_ours(request, target, journal_path));
  LG_ASSIGN(const std::unique_ptr<restore::Journal> journal, restore::open_plan_journal(plan, request, target));
  LG_TRY(restore::check_not_emptied(request, target, *journal));

  // What is put aside is found and named by it, whatever is planned later under its name.
  if (request.mode == RestoreMode::in_place && !request.plan_path.empty())
    LG_TRY(keep_plan(request.plan_path, request.plan_sha256, request.journal_folder));

  RestoreOutcome outcome;
  outcome.target_path = target.path();
  outcome.journal_path = journal_path;
  count_items(plan, journal->state(), outcome.tally);
  restore::TroubleList troubles(outcome);
  restore::tell_gone(plan, journal->state(), target.path(), troubles);
  if (journal->state().finished) {
    outcome.finished = true;
    restore::tell_fills(plan, journal->state(), journal->state().filled, outcome);
    return outcome;
  }
  restore::FolderTree tree;
  progress.step("reading folders of the sources");
  LG_ASSIGN(restore::RestoreItems items,
            restore::resolve_items(plan, sources, request, journal->state(), tree, troubles));
  RestoreRun run{.plan = plan,
                 .sources = sources,
                 .request = request,
                 .progress = progress,
                 .ledger = ledger,
                 .target = target,
                 .journal = *journal,
                 .tree = tree,
                 .items = items,
                 .troubles = troubles,
                 .outcome = outcome,
                 .rules = {&target, &items.extras, request.policy,
                           request.mode == RestoreMode::in_place ? restore::InheritedAcl::remove
                                                                 : restore::InheritedAcl::none_possible},
                 .open_files_max = os::raise_open_files(),
                 .filled = journal->state().filled};
  restore::find_sharing(run);
  LG_TRY(restore::check_space(run));
  LG_TRY(tell_ledger(run, journal->state().resumed ? "restore-resumed" : "restore-begun", {}));
  const base::Status done = carry_out(run);
  if (!done.ok()) {
    run.tell();
    base::ignore_error(tell_ledger(run, "restore-finished", done.error().what), "the first error is the one to report");
    return done.error();
  }
  LG_TRY(finish(run));
  return outcome;
}

}  // namespace lastgood::recovery
