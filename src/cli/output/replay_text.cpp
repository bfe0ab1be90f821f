// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/replay_text.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "base/local_time.h"
#include "cli/output/json_lines.h"
#include "cli/output/shell_word.h"
#include "engines/startable_mode.h"
#include "os/swap_folder.h"
#include "recovery/awaited_replay.h"
#include "recovery/logs_on_server.h"

namespace lastgood::cli {

namespace {

using Json = nlohmann::ordered_json;

std::string folder_of(const recovery::PlanUnit& unit, const recovery::RestoreOutcome& restored) {
  return (restored.target_path == "/" ? std::string() : restored.target_path) + unit.path;
}

/// Who deleted what no log says: people see it, and how to end before it.
std::string removals_text(const std::optional<engines::LogRemovals>& found, const std::string& zone) {
  constexpr std::size_t k_shown_max = 8;
  std::string out = "  every commit up to then is in it, also an attacker's";
  if (!found) return out + ": what was deleted just before the encryption is deleted\n";
  const engines::LogRemovals& removals = *found;
  if (removals.empty()) return out + "; no dropped or emptied table and no large deletion was found in these logs\n";
  const std::size_t shown = std::min(k_shown_max, removals.last.size());
  const std::uint64_t more = removals.earlier + (removals.last.size() - shown);
  if (shown > 0) out += ". What these logs took away last:\n";
  for (std::size_t i = removals.last.size() - shown; i < removals.last.size(); ++i)
    out += fmt::format("    {}  {}\n", base::time_in_zone(removals.last[i].time_ns, zone),
                       base::printable(removals.last[i].what));
  if (more > 0) out += fmt::format("    and {} before{}\n", more, removals.earlier == 0 ? "; --json has them" : "");
  if (removals.conditional > 0)
    out += fmt::format(
        "{}{} with a condition, the last at {}; how many rows that were the logs do not say\n",
        shown > 0 ? "    and " : ". In these logs: ", base::counted(removals.conditional, "DELETE statement"),
        base::time_in_zone(removals.last_conditional_ns, zone));
  return out + "  if that was not the hospital's doing: 'replay ... --until TIME' ends before such a moment\n";
}

Json removals_json(const std::optional<engines::LogRemovals>& found) {
  if (!found) return nullptr;
  const engines::LogRemovals& removals = *found;
  Json last = Json::array();
  for (const engines::LogRemoval& removal : removals.last)
    last.push_back({{"time", time_or_null(removal.time_ns)}, {"what", base::printable(removal.what)}});
  return {{"last", std::move(last)},
          {"earlier", removals.earlier},
          {"conditional_deletes", removals.conditional},
          {"last_conditional_delete", time_or_null(removals.last_conditional_ns)}};
}

}  // namespace

Json replay_json(const recovery::ReplayOutcome& outcome, const std::string& folder) {
  const engines::ScratchStart& start = outcome.start;
  Json quieted = Json::array();
  for (const engines::StartupSetting& setting : outcome.quieted)
    quieted.push_back(base::printable(fmt::format("{}:{} {}", setting.path, setting.line, setting.name)));
  Json line = {{"type", "replay"}, {"kind", outcome.kind}};
  set_text(line, "folder", folder);
  set_text(line, "kept_as", outcome.kept_as);
  set_text(line, "began_from", outcome.began_from);
  line["engine"] = start.engine;
  line["as_of_before"] = time_or_null(outcome.as_of_before_ns);
  line["as_of"] = time_or_null(start.data_as_of_ns);
  line["basis"] = start.data_as_of_basis;
  line["logs_end_early"] = start.logs_end_early;
  line["removals"] = removals_json(start.removals);
  line["left_out"] = start.left_out;
  line["inside"] = start.inside;
  line["counted"] = start.counted;
  line["refused"] = start.refused;
  line["unusable"] = start.unusable;
  line["emptied"] = start.emptied;
  line["quieted"] = std::move(quieted);
  line["stays"] = outcome.stays;
  line["belongs_to_root"] = outcome.belongs_to_root;
  line["was_open_to_others"] = outcome.mode_before != 0;
  return line;
}

std::string replay_text(const recovery::ReplayOutcome& outcome, const std::string& folder, const std::string& zone) {
  const engines::ScratchStart& start = outcome.start;
  std::string out =
      fmt::format("{}: data as of {}, was {}\n", base::printable(folder), base::time_in_zone(start.data_as_of_ns, zone),
                  base::time_in_zone(outcome.as_of_before_ns, zone));
  if (!start.data_as_of_basis.empty()) out += "  by " + base::printable(start.data_as_of_basis) + "\n";
  if (start.logs_used > 0) out += removals_text(start.removals, zone);
  if (!start.logs_end_early.empty()) out += "  NOT COMPLETE: " + base::printable(start.logs_end_early) + "\n";
  if (outcome.began_from.empty())
    out += fmt::format("  the folder as it was restored is kept: {}\n", base::printable(outcome.kept_as));
  else
    out += fmt::format("  began again from the folder as it was restored: {}\n  the folder as it was until now: {}\n",
                       base::printable(outcome.began_from), base::printable(outcome.kept_as));
  if (outcome.belongs_to_root)
    out += fmt::format("  it belongs to root, as in the backup: its server starts after 'chown -R {0}: FOLDER'\n",
                       outcome.kind == "mariadb" ? "mysql" : "postgres");
  if (outcome.mode_before != 0)
    out += fmt::format(
        "  its folder had mode {:04o}, on which PostgreSQL does not start: it is open to its owner alone now\n",
        outcome.mode_before);
  for (const engines::StartupSetting& setting : outcome.quieted)
    out += fmt::format("  not in force any more: {}:{} {} = '{}'\n", base::printable(setting.path), setting.line,
                       setting.name, base::printable(setting.value));
  for (const std::string& what : outcome.stays)
    out += "  stays in the folder, in force once its server runs: " + base::printable(what) + "\n";
  for (const std::string& what : start.left_out) out += "  left out: " + base::printable(what) + "\n";
  for (const auto* list : {&start.inside, &start.refused})
    for (const std::string& what : *list)
      out += "  still in the database, in force once its server runs: " + base::printable(what) + "\n";
  for (const std::string& what : start.counted)
    out += "  counted, and not read one by one: " + base::printable(what) + "\n";
  for (const std::string& what : start.unusable) out += "  does not answer: " + base::printable(what) + "\n";
  if (!start.emptied.empty()) out += "  " + base::printable(engines::describe_emptied(start.emptied)) + "\n";
  return out;
}

bool has_failed(const recovery::ReplayedUnit& unit) {
  using State = recovery::ReplayedUnit::State;
  return unit.state == State::failed || unit.state == State::not_restored;
}

bool ends_early(const recovery::ReplayedUnit& unit) { return !unit.outcome.start.logs_end_early.empty(); }

bool is_in_part(const recovery::RestoreOutcome& restored, const std::vector<recovery::ReplayedUnit>& replayed) {
  return restored.tally.refused + restored.tally.incomplete > 0 ||
         std::any_of(replayed.begin(), replayed.end(), [](const recovery::ReplayedUnit& unit) {
           return has_failed(unit) || ends_early(unit) || unit.state == recovery::ReplayedUnit::State::used;
         });
}

Json replayed_json(const recovery::ReplayedUnit& unit) {
  using State = recovery::ReplayedUnit::State;
  const bool is_replayed = unit.state == State::replayed;
  Json line = is_replayed ? replay_json(unit.outcome, unit.folder) : Json{{"type", "replay"}};
  if (!is_replayed) {
    set_text(line, "folder", unit.folder);
    line["logs_end_early"] = unit.outcome.start.logs_end_early;
  }
  line["state"] = is_replayed                  ? "replayed"
                  : unit.state == State::known ? "known"
                  : unit.state == State::used  ? "used"
                                               : "failed";
  set_text(line, "path", unit.path);
  line["logs"] = base::printable(unit.logs);
  line["why"] = base::printable(unit.trouble);
  return line;
}

std::string replayed_text(const recovery::ReplayedUnit& unit, const std::string& zone) {
  using State = recovery::ReplayedUnit::State;
  const std::string logs = base::printable(unit.logs);
  const std::string folder = base::printable(unit.folder);
  const std::string& early = unit.outcome.start.logs_end_early;
  switch (unit.state) {
    case State::replayed: return fmt::format("replayed {}\n{}", logs, replay_text(unit.outcome, unit.folder, zone));
    case State::known:
      return fmt::format("replayed before: {} into {}\n{}", logs, folder,
                         ends_early(unit) ? fmt::format("  NOT COMPLETE: {}\n", base::printable(early)) : "");
    case State::not_restored:
      return fmt::format("not replayed: {}\n  {}: {}\n", logs, folder, base::printable(unit.trouble));
    case State::used:
      return fmt::format(
          "not replayed: {}\n  {} stays as it is: {}\n  'restore PLAN --to DIR' replays them in a folder beside\n",
          logs, folder, base::printable(unit.trouble));
    case State::failed: break;
  }
  return fmt::format("not replayed: {}\n  {} is as it was restored, because {}\n  the same command tries it again\n",
                     logs, folder, base::printable(unit.trouble));
}

std::string root_owned_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored) {
  std::string out;
  for (const recovery::PlanUnit& unit : plan.units) {
    const std::string account = engines::server_account(unit.kind);
    const std::string folder = folder_of(unit, restored);
    const auto owner = os::folder_owner(folder);
    if (account.empty() || restored.is_without(unit.path) || !owner.ok() || owner.value().user_id != 0) continue;
    out += fmt::format("before it is started: {0} belongs to root, as in the backup: chown -R {1}: {0}\n",
                       shell_word(folder), account);
  }
  return out;
}

std::string unstartable_text(const recovery::Unstartable& database, const std::string& case_folder) {
  if (database.why == recovery::Unstartable::Why::parts) {
    std::string out = fmt::format(
        "CANNOT BE STARTED YET: {} has files in it that its server looks for elsewhere: with what stands there it "
        "would mix two moments, or lack tables\n",
        base::printable(database.folder));
    for (const std::string& move : database.moves) out += "  " + base::printable(move) + "\n";
    return out;
  }
  const bool is_log = database.why == recovery::Unstartable::Why::log;
  return fmt::format(
      "CANNOT BE STARTED YET: {} {}\n  makes it whole: lastgood --case {} replay {}{}\n",
      base::printable(database.folder),
      is_log ? "has not all of its own log, and that was not replayed"
             : "has its tablespaces in it, where no server takes them before a replay has put that right",
      shell_word(case_folder), shell_word(database.folder),
      is_log ? " --logs ARCHIVE\n  never remove its backup_label to make a server start on it: rows would be lost"
             : "");
}

std::string replay_room_text(const recovery::Plan& plan) {
  std::uint64_t bytes = 0;
  for (const recovery::PlanUnit& unit : plan.units)
    if (unit.logs.can_replay()) bytes += unit.logs.bytes;
  for (const recovery::PlanItem& item : plan.items)
    if (item.unit != recovery::PlanItem::k_no_unit && plan.units[item.unit].logs.can_replay()) bytes += item.size_bytes;
  return bytes == 0 ? std::string()
                    : fmt::format(
                          ", and about {} more for the replay of saved logs (each database once more, and its "
                          "logs)",
                          base::human_bytes(bytes));
}

std::string logs_on_server_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored,
                                const std::string& case_folder, const std::string& zone) {
  std::string out;
  for (const recovery::PlanUnit& unit : plan.units) {
    if (unit.logs.on_server_ns == 0 || unit.logs.until_ns != 0 || restored.is_without(unit.path)) continue;
    const auto replayed = recovery::is_replayed_from(case_folder, folder_of(unit, restored), unit.logs.path);
    if (replayed.ok() && replayed.value()) continue;
    out += fmt::format(
        "before it is started: the logs in {} on the server itself go on to {}; they may hold "
        "later commits, also the attacker's (--until ends before them): lastgood --case {} replay {} --logs {}\n",
        base::printable(unit.logs.path), base::time_in_zone(unit.logs.on_server_ns, zone), shell_word(case_folder),
        shell_word(folder_of(unit, restored)), shell_word(unit.logs.path));
  }
  return out;
}

std::string own_logs_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored,
                          const recovery::OwnLogs& own_logs, const std::string& case_folder, const std::string& zone) {
  std::string out;
  for (const recovery::PlanUnit& unit : plan.units) {
    const auto own = own_logs.find(unit.path);
    if (own == own_logs.end() || unit.logs.until_ns != 0 || restored.is_without(unit.path)) continue;
    const auto replayed = recovery::is_replayed_from(case_folder, folder_of(unit, restored), own->second);
    if (replayed.ok() && replayed.value()) continue;
    const std::string in_backups =
        unit.logs.places.empty() ? std::string() : " --logs-in-backups " + shell_word(unit.logs.path);
    out += fmt::format(
        "before it is started: the log of the struck database itself, in {}, goes on to {}; it may hold commits that "
        "no backup has, also the attacker's (--until ends before them): lastgood --case {} replay {}{} --logs {}\n",
        base::printable(own->second), base::time_in_zone(unit.own_log_ns, zone), shell_word(case_folder),
        shell_word(folder_of(unit, restored)), in_backups, shell_word(own->second));
  }
  return out;
}

namespace {

/// Of logs that may lie in sources which could not be opened.
std::string unread_logs_text(const recovery::PlanUnit& unit, const std::string& folder,
                             const std::string& case_folder) {
  const std::string replay = fmt::format("lastgood --case {} replay {} --logs-in-backups {}", shell_word(case_folder),
                                         shell_word(folder), shell_word(unit.logs.path));
  if (unit.logs.can_replay())
    return fmt::format(
        "NOT SURE to be all: {}: later commits may be in saved logs that are not there: {}\n  before it is "
        "started, where they can be had: {}\n  where they are lost for good, it can be started as it is\n",
        base::printable(folder), base::printable(unit.logs.not_opened), replay);
  return fmt::format(
      "NOT replayed: {}: what was committed after its backup is not in it. Its saved logs ({}) could not be looked "
      "for everywhere: {}\n  start nothing on it before that; once it is there: {}\n  where they are lost for good, "
      "the same restore with --no-replay says so\n",
      base::printable(folder), base::printable(unit.logs.path), base::printable(unit.logs.not_opened), replay);
}

}  // namespace

std::string unsaved_logs_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored) {
  std::string out;
  for (const recovery::PlanUnit& unit : plan.units) {
    const recovery::PlanLogs& logs = unit.logs;
    const bool has_none = !logs.path.empty() && logs.places.empty() && logs.not_opened.empty();
    if (restored.is_without(unit.path) || !has_none) continue;
    out += fmt::format(
        "NOT replayed: {}: no backup has any of its logs ('{}'): what was committed after its backup is "
        "not in it\n",
        base::printable(folder_of(unit, restored)), base::printable(logs.path));
  }
  return out;
}

std::string unusable_logs_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored,
                               recovery::RestoreMode mode, const std::string& case_folder) {
  std::string out;
  const auto awaited = recovery::find_awaited_replays(case_folder);
  for (const recovery::PlanUnit& unit : plan.units) {
    if (restored.is_without(unit.path)) continue;
    const std::string folder = folder_of(unit, restored);
    // Somebody may have brought them in since, by hand.
    const bool is_settled = mode == recovery::RestoreMode::in_place && unit.logs.waits_for_source() && awaited.ok() &&
                            std::none_of(awaited.value().begin(), awaited.value().end(),
                                         [&](const auto& one) { return one.folder == folder; });
    if (!unit.logs.not_opened.empty() && !is_settled)
      out += unread_logs_text(unit, folder, case_folder);
    else if (!unit.logs.can_replay() && !unit.logs.places.empty())
      out += fmt::format(
          "NOT replayed: {} has saved logs in {}, and what was committed after its backup is not in it: {}\n",
          base::printable(folder), base::printable(unit.logs.path), unit.logs.missing);
  }
  return out;
}

namespace {

/// Of the services whose data this is: "next: lastgood ... services stop opd" each once.
std::string service_steps(std::string_view verb, const std::string& path, const recovery::Plan& plan,
                          const std::string& case_folder, std::string_view when) {
  std::string out;
  for (const recovery::PlanService& service : plan.services) {
    if (std::find(service.paths.begin(), service.paths.end(), path) == service.paths.end()) continue;
    out += fmt::format("next{}: lastgood --case {} services {} {}\n", when, shell_word(case_folder), verb,
                       shell_word(service.id));
  }
  return out;
}

/// What stands there was put there since the scan: it may be what people want, or be struck again.
std::string changed_text(const recovery::RestoreOutcome& outcome, const recovery::Plan& plan,
                         const std::string& case_folder) {
  constexpr std::size_t k_scans_shown = 5;
  std::string starts;
  std::string scans;
  std::size_t count = 0;
  for (const recovery::ItemTrouble& trouble : outcome.refused) {
    const std::string& rule = trouble.finding.rule;
    if (case_folder.empty() || (rule != "restore.changed" && rule != "restore.damaged")) continue;
    const std::string start =
        service_steps("start", trouble.path, plan, case_folder, ", where what was put there since is to stay");
    if (rule == "restore.changed" && starts.find(start) == std::string::npos) starts += start;
    if (++count <= k_scans_shown)
      scans += fmt::format("next{}: lastgood --case {} scan {}\n",
                           start.empty() || rule == "restore.damaged" ? "" : ", else", shell_word(case_folder),
                           shell_word(trouble.path));
  }
  if (count > k_scans_shown)
    scans += fmt::format("and a scan of the {} that changed as these did; --json lists all\n",
                         base::counted(count - k_scans_shown, "other"));
  return starts + scans;
}

}  // namespace

bool stands_damaged(const recovery::RestoreOutcome& outcome) {
  return std::any_of(outcome.refused.begin(), outcome.refused.end(),
                     [](const recovery::ItemTrouble& trouble) { return trouble.finding.rule == "restore.damaged"; });
}

bool brings_all_units(const recovery::RestoreOutcome& outcome) {
  return std::none_of(outcome.refused.begin(), outcome.refused.end(), [&](const recovery::ItemTrouble& trouble) {
    return outcome.is_without(trouble.path) && trouble.finding.rule != "restore.whole";
  });
}

bool has_any_back(const recovery::RestoreOutcome& outcome) {
  const recovery::RestoreTally& tally = outcome.tally;
  return tally.files + tally.others + tally.known > 0;
}

std::string left_alone_text(const recovery::RestoreOutcome& outcome, const recovery::Plan& plan,
                            const std::string& case_folder) {
  std::string stops;
  bool is_any_in_use = false;
  for (const recovery::ItemTrouble& trouble : outcome.refused) {
    if (trouble.finding.rule != "restore.in-use") continue;
    is_any_in_use = true;
    const std::string stop =
        case_folder.empty() ? std::string() : service_steps("stop", trouble.path, plan, case_folder, {});
    if (stops.find(stop) == std::string::npos) stops += stop;
  }
  if (is_any_in_use && stops.empty()) stops = "next: stop what works in it\n";
  const std::string out = stops + changed_text(outcome, plan, case_folder);
  return out.empty() ? out : out + "then: the same command again\n";
}

std::string instead_of_verify_text(const recovery::RestoreOutcome& outcome, const recovery::Plan& plan,
                                   const std::string& case_folder) {
  return has_any_back(outcome) ? std::string() : left_alone_text(outcome, plan, case_folder);
}

std::string not_replayed_text(const recovery::Plan& plan, const recovery::RestoreOutcome& restored,
                              const std::string& case_folder) {
  std::string out;
  for (const recovery::PlanUnit& unit : plan.units) {
    if ((!unit.logs.can_replay() && !unit.logs.waits_for_source()) || restored.is_without(unit.path)) continue;
    out += fmt::format(
        "as its backup has it: {}; its saved logs were not replayed, as you said\n  brings it forward: lastgood "
        "--case {} replay {} --logs-in-backups {}\n",
        base::printable(unit.path), shell_word(case_folder), shell_word(folder_of(unit, restored)),
        shell_word(unit.logs.path));
  }
  return out;
}

std::string closed_folder_text(const std::string& folder, const recovery::Plan& plan) {
  const bool has_server = std::any_of(plan.units.begin(), plan.units.end(), [](const recovery::PlanUnit& unit) {
    return unit.kind == "postgresql" || unit.kind == "mariadb";
  });
  std::error_code unknown;
  const auto mode = std::filesystem::status(folder, unknown).permissions();
  const bool is_open = (mode & std::filesystem::perms::others_exec) != std::filesystem::perms::none;
  if (!has_server || unknown || is_open) return {};
  return fmt::format("'{}' is open to you alone: before a server is started on a database in it: chmod 711 {}\n",
                     base::printable(folder), shell_word(folder));
}

}  // namespace lastgood::cli
