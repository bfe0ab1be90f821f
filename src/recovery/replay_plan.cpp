// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/replay_plan.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include <fmt/format.h>

#include "base/human.h"
#include "base/local_time.h"
#include "engines/evidence_view.h"
#include "engines/log_end.h"
#include "ledger/read_ledger.h"
#include "recovery/below.h"
#include "recovery/own_replay.h"
#include "recovery/plan_services.h"
#include "recovery/saved_logs.h"

namespace lastgood::recovery {

namespace {

std::string folder_of(const PlanUnit& unit, const std::string& target) {
  return (target == "/" ? std::string() : target) + unit.path;
}

/// Of what an engine said last: the first line that it calls an error, else the last one.
std::string telling_line(const std::string& said) {
  constexpr std::size_t k_letters_max = 300;
  std::size_t at = said.find("[ERROR]");
  // Those who ask whether PostgreSQL is up yet are told so with the same word.
  for (std::size_t from = 0; at == std::string::npos; from += 1) {
    from = said.find("FATAL:", from);
    if (from == std::string::npos) break;
    if (!std::string_view(said).substr(from).starts_with("FATAL:  the database system is")) at = from;
  }
  if (at == std::string::npos) at = said.find_last_not_of('\n');
  if (at == std::string::npos) return {};
  const std::size_t before = said.rfind('\n', at);
  const std::size_t from = before == std::string::npos ? 0 : before + 1;
  return said.substr(from, std::min(said.find('\n', at) - from, k_letters_max));
}

/// Numbers of the units with logs, in the order in which services come back.
std::vector<std::uint32_t> units_to_replay(const Plan& plan) {
  std::vector<std::uint32_t> out(plan.units.size());
  std::iota(out.begin(), out.end(), 0U);
  std::erase_if(out, [&](std::uint32_t number) { return !plan.units[number].logs.can_replay(); });
  const PlanStages stages(plan);
  std::stable_sort(out.begin(), out.end(), [&](std::uint32_t a, std::uint32_t b) {
    return stages.stage_of(plan.units[a].path) < stages.stage_of(plan.units[b].path);
  });
  return out;
}

bool waits_for_logs(const Plan& plan) {
  return std::any_of(plan.units.begin(), plan.units.end(),
                     [](const PlanUnit& unit) { return unit.logs.waits_for_source(); });
}

base::Error gone(const PlanLogs& logs, const PlanPlace& place) {
  return {.code = base::ErrorCode::not_found,
          .what = fmt::format("source '{}' no longer has '{}' in snapshot '{}'", place.source,
                              base::printable(logs.path), base::printable(place.snapshot)),
          .path = logs.path};
}

/// The logs as the plan names them.
base::Result<OpenedLogs> open_planned_logs(const Plan& plan, const PlanLogs& logs, casefile::CaseStore& store,
                                           PasswordPrompt& prompt) {
  sources::OpenOptions options;
  if (plan.as_of_ns != 0) options.as_of_ns = plan.as_of_ns;
  if (plan.erased == Plan::Erased::include) options.erased = sources::OpenOptions::Erased::include;
  std::map<std::string, std::set<std::string>> wanted;  // snapshots by source
  for (const PlanPlace& place : logs.places) wanted[place.source].insert(place.snapshot);
  std::vector<std::string> names;
  for (const auto& [name, snapshots] : wanted) names.push_back(name);
  LG_ASSIGN(OpenedSources sources, open_sources(store, names, options, prompt));
  if (!sources.failures.empty()) return sources.failures.front();
  for (OpenedSource& opened : sources.opened)
    std::erase_if(opened.snapshots, [&](const auto& one) { return !wanted[opened.record.name].contains(one.id); });
  const std::vector<LogPlace> places = find_log_places(sources, logs.path, 0);
  for (const PlanPlace& planned : logs.places) {
    const bool is_there = std::any_of(places.begin(), places.end(), [&](const LogPlace& place) {
      return place.snapshot.id == planned.snapshot && sources.opened[place.source].record.name == planned.source;
    });
    if (!is_there) return gone(logs, planned);
  }
  LG_ASSIGN(const VerdictTable verdicts, VerdictTable::read(store));
  JoinedLogs joined = join_logs(sources, places, verdicts);
  return keep_open(std::move(sources), std::move(joined));
}

/// "restore-replayed": what a restore came to beyond its files. `outcome` is "done", "failed" or "left out".
base::Status tell_ledger(const ReplayPlanRequest& request, const std::string& outcome, std::int64_t databases,
                         ledger::Ledger& ledger) {
  const auto entry = ledger.append("restore-replayed", {{"plan_sha256", request.plan_sha256},
                                                        {"target", request.target},
                                                        {"outcome", outcome},
                                                        {"databases", databases}});
  return entry.ok() ? base::Status(base::Done{}) : base::Status(entry.error());
}

/// Where the files of the database stand now, by its engine's own word; empty: nobody can say.
std::string stand_now(const PlanUnit& unit, const std::string& folder) {
  const auto kind = engines::find_unit_kind(unit.kind);
  const auto view = engines::open_evidence_view(folder);
  return kind && view.ok() ? stand_of(*view.value(), *kind) : std::string();
}

/// By folder: where each database stood when this restore had put it there, as an earlier run of it wrote down.
base::Result<std::map<std::string, std::string>> read_placed_stands(const ReplayPlanRequest& request) {
  std::map<std::string, std::string> out;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(
                request.case_folder + "/ledger", {}, [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                  const auto text = [&](std::string_view name) { return ledger::text_in(entry.fields, name); };
                  if (text("target") != request.target || text("plan_sha256") != request.plan_sha256) return;
                  if (entry.kind == "restore-begun") out.clear();
                  if (entry.kind == "restore-placed") out.emplace(text("folder"), text("stand"));
                }));
  return out;
}

/// True: a server has run on it since this restore put it there. Logs that were replayed then would take the place of
/// what people have committed since.
base::Result<bool> was_used_since(const PlanUnit& unit, const std::string& folder, const ReplayPlanRequest& request,
                                  const std::map<std::string, std::string>& stands, ledger::Ledger& ledger) {
  const std::string now = stand_now(unit, folder);
  const auto placed = stands.find(folder);
  if (placed != stands.end()) return placed->second != now;
  LG_TRY(ledger.append(
      "restore-placed",
      {{"plan_sha256", request.plan_sha256}, {"target", request.target}, {"folder", folder}, {"stand", now}}));
  return false;
}

/// Under the same name another disk may be mounted, with older logs.
base::Status check_reach(const PlanUnit& unit, const ReplayedUnit& one, const engines::UnitView& logs) {
  const auto kind = engines::find_unit_kind(unit.kind);
  const auto view = engines::open_evidence_view(one.folder);
  if (!kind || !view.ok() || unit.logs.until_ns != 0 || unit.logs.reach_ns == 0) return base::Done{};
  const auto end = engines::find_log_end(logs, *view.value(), {.kind = *kind, .path = {}}, k_spill_folder);
  // Where one of them is broken or missing the replay goes as far, and says so itself.
  const bool is_as_planned =
      !end.ok() || !end.value().missing.empty() || end.value().last_commit_ns >= unit.logs.reach_ns;
  if (is_as_planned) return base::Done{};
  return base::Error{.code = base::ErrorCode::not_found,
                     .what = fmt::format("the logs that are there now end at {}, and the plan saw commits in them up "
                                         "to {}: files of them are gone, or another disk is mounted there",
                                         base::time_in_zone(end.value().last_commit_ns, {}),
                                         base::time_in_zone(unit.logs.reach_ns, {})),
                     .path = unit.logs.path};
}

base::Result<ReplayOutcome> replay_one(const Plan& plan, const PlanUnit& unit, const ReplayedUnit& one,
                                       const std::string& case_folder, casefile::CaseStore& store,
                                       PasswordPrompt& prompt, ledger::Ledger& ledger) {
  LG_ASSIGN(const OpenedLogs logs, open_planned_logs(plan, unit.logs, store, prompt));
  LG_TRY(check_reach(unit, one, logs.view()));
  ReplayRequest request{.folder = one.folder,
                        .logs = &logs.view(),
                        .logs_shown = one.logs,
                        .logs_option = "--logs-in-backups " + unit.logs.path,
                        .logs_lacking = unit.logs.not_opened,
                        .until_ns = {},
                        .case_folder = case_folder};
  if (unit.logs.until_ns != 0) request.until_ns = unit.logs.until_ns;
  return replay_unit(request, ledger);
}

/// What brings the commits ahead of the place where these logs cannot go on; empty: it is no such place.
std::string way_before(const std::string& hint, const std::string& folder, const std::string& logs) {
  const bool is_tablespace = hint.find(" for Tablespace/CREATE") != std::string::npos;
  if (!is_tablespace && hint.find("an end before that moment") == std::string::npos) return {};
  return fmt::format(
      "; {}'lastgood replay {} --logs-in-backups {} --until TIME' with a moment before it brings what was committed "
      "until then",
      is_tablespace ? "the logs make a tablespace there, which is not replayed: " : "", base::printable(folder),
      base::printable(logs));
}

}  // namespace

base::Result<std::vector<MovedUnit>> find_replayed(const ReplayPlanRequest& request) {
  std::vector<MovedUnit> out;
  bool is_ours = false;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(
                request.case_folder + "/ledger", {}, [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                  const bool is_begin = entry.kind == "restore-begun" &&
                                        ledger::text_in(entry.fields, "target") == request.target &&
                                        ledger::text_in(entry.fields, "plan_sha256") == request.plan_sha256;
                  if (is_begin) {
                    out.clear();
                    is_ours = true;
                  }
                  if (!is_ours || entry.kind != "replay-done") return;
                  const std::string folder = ledger::text_in(entry.fields, "folder");
                  if (!is_at_or_below(folder, request.target)) return;
                  auto moved = std::find_if(out.begin(), out.end(),
                                            [&](const MovedUnit& known) { return known.folder == folder; });
                  if (moved == out.end())
                    moved =
                        out.insert(out.end(), {.folder = folder, .kept_as = ledger::text_in(entry.fields, "kept_as")});
                  moved->logs_end_early = ledger::text_in(entry.fields, "logs_end_early");
                  moved->logs = ledger::text_in(entry.fields, "logs");
                  if (moved->logs_end_early.empty())
                    moved->logs_end_early = ledger::text_in(entry.fields, "logs_lacking");
                }));
  return out;
}

base::Result<std::vector<ReplayedUnit>> replay_plan(const Plan& plan, const ReplayPlanRequest& request,
                                                    const RestoreOutcome& restored, casefile::CaseStore& store,
                                                    PasswordPrompt& prompt, RestoreProgress& progress,
                                                    ledger::Ledger& ledger) {
  std::vector<ReplayedUnit> out;
  const std::vector<std::uint32_t> numbers = units_to_replay(plan);
  if (numbers.empty()) return out;
  LG_ASSIGN(const std::vector<MovedUnit> before, find_replayed(request));
  LG_ASSIGN(const auto stands, read_placed_stands(request));
  std::size_t left_alone = 0;
  for (const std::uint32_t number : numbers) {
    if (progress.cancelled()) break;
    const PlanUnit& unit = plan.units[number];
    // What stands there is not what this plan brings.
    if (restored.was_left_alone(unit.path)) {
      ++left_alone;
      continue;
    }
    ReplayedUnit one{.path = unit.path, .folder = folder_of(unit, request.target)};
    const PlanPlace& newest = unit.logs.places.front();
    one.logs = fmt::format("{} files of '{}' in {}", base::human_count(unit.logs.files), unit.logs.path,
                           describe_places(newest.source, newest.snapshot, unit.logs.places.size() - 1));
    const auto known =
        std::find_if(before.begin(), before.end(), [&](const MovedUnit& moved) { return moved.folder == one.folder; });
    if (known != before.end()) {
      one.state = ReplayedUnit::State::known;
      one.outcome.start.logs_end_early = known->logs_end_early;
      if (!known->logs.empty()) one.logs = known->logs;
      out.push_back(std::move(one));
      continue;
    }
    if (std::any_of(restored.refused.begin(), restored.refused.end(),
                    [&](const ItemTrouble& trouble) { return is_at_or_below(trouble.path, unit.path); })) {
      one.state = ReplayedUnit::State::not_restored;
      one.trouble = "it was not restored as a whole, and not brought forward";
      out.push_back(std::move(one));
      continue;
    }
    LG_ASSIGN(const bool is_used, was_used_since(unit, one.folder, request, stands, ledger));
    if (is_used) {
      one.state = ReplayedUnit::State::used;
      one.trouble = "a server has run on it since this restore put it there: what it wrote would be lost";
      out.push_back(std::move(one));
      continue;
    }
    progress.step(fmt::format("replaying {} into '{}'", base::printable(one.logs), base::printable(one.folder)));
    auto replayed = replay_one(plan, unit, one, request.case_folder, store, prompt, ledger);
    if (replayed.ok()) {
      one.state = ReplayedUnit::State::replayed;
      one.outcome = std::move(replayed).value();
    } else {
      one.trouble = replayed.error().what;
      const std::string& hint = replayed.error().hint;
      if (!hint.empty()) one.trouble += fmt::format(" ({})", telling_line(hint));
      one.trouble += way_before(hint, one.folder, unit.logs.path);
    }
    out.push_back(std::move(one));
  }
  if (out.size() + left_alone < numbers.size()) return out;  // cancelled
  const bool has_failed =
      waits_for_logs(plan) || std::any_of(out.begin(), out.end(), [](const ReplayedUnit& unit) {
        return unit.state == ReplayedUnit::State::failed || unit.state == ReplayedUnit::State::not_restored;
      });
  LG_TRY(tell_ledger(request, has_failed ? "failed" : "done", static_cast<std::int64_t>(out.size()), ledger));
  return out;
}

base::Status leave_out_replay(const Plan& plan, const ReplayPlanRequest& request, ledger::Ledger& ledger) {
  const std::vector<std::uint32_t> numbers = units_to_replay(plan);
  if (numbers.empty() && !waits_for_logs(plan)) return base::Done{};
  LG_ASSIGN(const auto stands, read_placed_stands(request));
  for (const std::uint32_t number : numbers) {
    const PlanUnit& unit = plan.units[number];
    LG_TRY(was_used_since(unit, folder_of(unit, request.target), request, stands, ledger));
  }
  return tell_ledger(request, "left out", static_cast<std::int64_t>(numbers.size()), ledger);
}

}  // namespace lastgood::recovery
