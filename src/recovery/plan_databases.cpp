// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/plan_databases.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "base/local_time.h"
#include "engines/evidence_view.h"
#include "engines/joined_logs.h"
#include "engines/log_end.h"
#include "os/paths.h"
#include "recovery/below.h"
#include "recovery/database_dumps.h"
#include "recovery/logs_on_server.h"
#include "recovery/measured_logs.h"
#include "recovery/outside_paths.h"
#include "recovery/saved_logs.h"
#include "recovery/stands_as_seen.h"
#include "recovery/unit_copies.h"
#include "recovery/unread_logs.h"
#include "services/leave_out.h"

namespace lastgood::recovery {

namespace {

bool is_database(const PlanUnit& unit) {
  return unit.kind == "postgresql" || unit.kind == "mariadb" || unit.kind == "sqlite" || unit.kind == "orthanc";
}

bool is_link_at(const PlanItem& item, const std::string& path) {
  return item.kind == model::EntryKind::link && item.path == path;
}

/// Does the plan say anything of this path or of what is below? A link is no data.
bool is_spoken_of(const Plan& plan, const std::string& path) {
  const auto is_item = [&](const PlanItem& item) { return is_at_or_below(item.path, path) && !is_link_at(item, path); };
  const auto is_loss = [&](const PlanLoss& loss) { return is_at_or_below(loss.path, path); };
  return std::any_of(plan.items.begin(), plan.items.end(), is_item) ||
         std::any_of(plan.losses.begin(), plan.losses.end(), is_loss);
}

/// Why nothing of the data of a service is planned.
std::string why_missing(const Plan& plan, const std::string& service, const std::string& path) {
  const bool has_link =
      std::any_of(plan.items.begin(), plan.items.end(), [&](const PlanItem& item) { return is_link_at(item, path); });
  return has_link ? fmt::format(
                        "service.none: '{}' stands on it, and backups have only a link there: write the path "
                        "that it leads to into the services file",
                        service)
                  : fmt::format(
                        "service.none: '{}' stands on it, and no source that could be opened has anything good "
                        "there",
                        service);
}

std::string why_never_there(const std::string& service) {
  return fmt::format(
      "{}'{}' stands on it, nothing stands there, and nothing stood there when it was scanned last: no snapshot has "
      "anything usable for it, of those that were judged ('lastgood backups judge' looks at the others)",
      k_gone_rule, service);
}

base::Status add_missing_data(Plan& plan, const services::ServicesFile& file, const PlanPolicy& policy,
                              casefile::CaseStore& store) {
  std::vector<std::string> scanned;
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  for (const model::Scan& scan : scans) {
    if (scan.source.empty() && scan.finished_ns != 0)
      scanned.insert(scanned.end(), scan.roots.begin(), scan.roots.end());
  }
  for (const services::Service* service : services::with_left_out(file)) {
    for (const services::DataUnit& data : service->data) {
      if (data.path.empty()) continue;  // a mistake in the file
      const bool is_wanted =
          policy.only.empty() || std::find(policy.only.begin(), policy.only.end(), data.path) != policy.only.end();
      if (!is_wanted || data.regenerable == services::Regenerable::yes || is_spoken_of(plan, data.path)) continue;
      const bool is_seen = std::any_of(scanned.begin(), scanned.end(),
                                       [&](const std::string& root) { return is_at_or_below(data.path, root); });
      // What a scan saw and nobody plans is good where it lies, if it still does.
      LG_ASSIGN(LeftHere left, find_left_here(store, data.path));
      // An empty folder is no server's database, whatever the scan saw.
      const bool is_server = data.kind == services::DataKind::postgresql || data.kind == services::DataKind::mariadb ||
                             data.kind == services::DataKind::orthanc;
      if (is_server && left == LeftHere::something && what_stands_at(data.path) == Stands::emptied)
        left = LeftHere::nothing;
      if (is_seen && (left == LeftHere::not_known || left == LeftHere::something)) continue;
      plan.losses.push_back({.path = data.path,
                             .why = !is_seen                    ? why_missing(plan, service->id, data.path)
                                    : left == LeftHere::nothing ? why_never_there(service->id)
                                                                : describe_gone(data.path)});
    }
  }
  return base::Done{};
}

void take_out(Plan& plan, const PlanItem& item) {
  if (item.kind != model::EntryKind::regular) return;
  plan.space.restored_bytes -= std::min(plan.space.restored_bytes, item.size_bytes);
  for (PlanTop& top : plan.tops) {
    if (!is_at_or_below(item.path, top.path)) continue;
    top.files -= std::min<std::uint64_t>(top.files, 1);
    top.bytes -= std::min(top.bytes, item.size_bytes);
    ++top.files_lost;
  }
}

/// In place of an SQLite database only an empty file is none for sure: another may be one under an unusual name, or one
/// that its owner encrypts.
bool is_piece(const PlanItem& item, const services::DataUnit& data) {
  if (data.kind != services::DataKind::sqlite) return is_at_or_below(item.path, data.path);
  return item.path == data.path && item.kind == model::EntryKind::regular && item.size_bytes == 0;
}

/// How many files were taken out of the plan.
std::size_t take_pieces_out(Plan& plan, const services::DataUnit& data) {
  std::size_t pieces = 0;
  std::erase_if(plan.items, [&](const PlanItem& item) {
    if (!is_piece(item, data)) return false;
    pieces += item.kind == model::EntryKind::regular ? 1U : 0U;
    take_out(plan, item);
    return true;
  });
  return pieces;
}

/// Files where a service has a database, and no backup holds one there that anybody would know: pieces, which no server
/// starts on, or an empty file.
base::Status leave_out_pieces(Plan& plan, const services::ServicesFile& file, casefile::CaseStore& store) {
  for (const services::Service* service : services::with_left_out(file)) {
    for (const services::DataUnit& data : service->data) {
      const bool is_asked = data.kind == services::DataKind::postgresql || data.kind == services::DataKind::mariadb ||
                            data.kind == services::DataKind::sqlite;
      const bool is_planned = std::any_of(plan.units.begin(), plan.units.end(),
                                          [&](const PlanUnit& unit) { return unit.path == data.path; });
      if (!is_asked || data.path.empty() || is_planned) continue;
      LG_ASSIGN(const std::vector<UnitCopy> copies, find_unit_copies(store, data.path));
      const bool is_known = std::any_of(copies.begin(), copies.end(), [&](const UnitCopy& copy) {
        return copy.unit.kind == services::name_of(data.kind);
      });
      if (is_known) continue;
      const std::size_t pieces = take_pieces_out(plan, data);
      if (pieces == 0) continue;
      plan.losses.push_back({.path = data.path,
                             .why = fmt::format("service.none: '{}' stands on a {} there; no backup holds one, only {}",
                                                service->id, services::name_of(data.kind),
                                                data.kind == services::DataKind::sqlite
                                                    ? std::string("an empty file")
                                                    : base::counted(pieces, "file") + " that make up none")});
    }
  }
  return base::Done{};
}

/// Files of a database are struck or damaged, and no copy of it is planned.
void name_lost_databases(Plan& plan, const services::ServicesFile& file) {
  for (const services::Service* service : services::with_left_out(file)) {
    for (const services::DataUnit& data : service->data) {
      const bool is_asked = data.kind == services::DataKind::postgresql || data.kind == services::DataKind::mariadb;
      const auto is_its = [&](const auto& one) { return is_at_or_below(one.path, data.path); };
      if (!is_asked || data.path.empty() || std::any_of(plan.units.begin(), plan.units.end(), is_its)) continue;
      const auto below = std::count_if(plan.losses.begin(), plan.losses.end(), is_its);
      const bool is_named = std::any_of(plan.losses.begin(), plan.losses.end(),
                                        [&](const PlanLoss& loss) { return loss.path == data.path; });
      if (below == 0 || is_named) continue;
      plan.losses.push_back({.path = data.path,
                             .why = fmt::format("service.none: {} of it cannot be brought back, and no usable copy of "
                                                "it is in any source that could be opened",
                                                base::counted(static_cast<std::uint64_t>(below), "path"))});
    }
  }
}

/// What nobody has a good version of and its service makes again from other data is not lost.
void leave_regenerable(Plan& plan, const services::ServicesFile& file) {
  for (const services::Service* service : services::with_left_out(file)) {
    for (const services::DataUnit& data : service->data) {
      if (data.regenerable != services::Regenerable::yes || data.path.empty()) continue;
      std::uint64_t count = 0;
      std::erase_if(plan.losses, [&](const PlanLoss& loss) {
        if (!is_at_or_below(loss.path, data.path)) return false;
        ++count;
        for (PlanTop& top : plan.tops)
          if (is_at_or_below(loss.path, top.path)) top.files_lost -= std::min<std::uint64_t>(top.files_lost, 1);
        return true;
      });
      if (count == 0) continue;
      plan.unjudged.push_back(
          {.path = data.path,
           .why = fmt::format("service.regenerable: {} of it {} no good version in any source, and nothing is lost by "
                              "that: '{}' makes it again from other data, last of all",
                              base::counted(count, "path"), count == 1 ? "has" : "have", service->id)});
    }
  }
}

/// A database that no copy brings back may come back by a dump: that is a person's work, and has to be known.
base::Status name_dumps(Plan& plan, const services::ServicesFile& file, casefile::CaseStore& store) {
  for (const services::Service* service : services::with_left_out(file)) {
    for (const services::DataUnit& data : service->data) {
      const bool is_server = data.kind == services::DataKind::postgresql || data.kind == services::DataKind::mariadb;
      const auto loss = std::find_if(plan.losses.begin(), plan.losses.end(),
                                     [&](const PlanLoss& one) { return one.path == data.path; });
      if (!is_server || loss == plan.losses.end() || loss->why.find(k_dump_words) != std::string::npos) continue;
      const std::string_view kind = services::name_of(data.kind);
      LG_ASSIGN(const std::optional<DatabaseDump> dump, find_newest_dump(store, kind, data.database));
      if (dump) loss->why += "; " + describe_dump(*dump, kind, {});
    }
  }
  return base::Done{};
}

base::Status add_other_copies(const Plan& plan, PlanUnit& unit, casefile::CaseStore& store) {
  LG_ASSIGN(const std::vector<UnitCopy> copies, find_unit_copies(store, unit.path));
  std::set<std::string> seen{plan.sources[plan.snapshots[unit.snapshot].source].name};
  for (const UnitCopy& copy : copies) {
    if (!copy.is_usable() || copy.would_run() || copy.unit.kind != unit.kind) continue;
    if (!seen.insert(copy.source.name).second) continue;
    unit.other_copies.push_back(
        {.source = copy.source.name, .snapshot = copy.snapshot.id, .data_as_of_ns = copy.data_as_of_ns});
  }
  return base::Done{};
}

/// The copy that the plan takes, as find_log_end wants it.
struct ChosenCopy {
  std::unique_ptr<engines::UnitView> view;
  engines::FoundUnit unit;
};

std::optional<std::string> find_stored_path(const Plan& plan, const PlanUnit& unit) {
  const auto top =
      std::find_if(plan.items.begin(), plan.items.end(), [&](const PlanItem& item) { return item.path == unit.path; });
  if (top == plan.items.end()) return std::nullopt;
  return top->stored_path.empty() ? top->path : top->stored_path;
}

base::Result<ChosenCopy> open_chosen(const Plan& plan, const PlanUnit& unit, OpenedSources& sources) {
  const PlanSnapshot& wanted = plan.snapshots[unit.snapshot];
  for (OpenedSource& opened : sources.opened) {
    if (opened.record.name != plan.sources[wanted.source].name) continue;
    const auto snapshot = std::find_if(opened.snapshots.begin(), opened.snapshots.end(),
                                       [&](const model::Snapshot& one) { return one.id == wanted.id; });
    const auto stored = find_stored_path(plan, unit);
    const auto kind = engines::find_unit_kind(unit.kind);
    if (snapshot == opened.snapshots.end() || !stored || !kind) break;
    ChosenCopy out;
    LG_ASSIGN(out.view, open_source_view(opened.record, *opened.source, *snapshot, ""));
    const std::size_t begin = std::min(stored->find_first_not_of('/'), stored->size());
    out.unit = {.kind = *kind, .path = stored->substr(begin)};
    return out;
  }
  return base::Error{.code = base::ErrorCode::not_found,
                     .what = fmt::format("the copy in snapshot '{}' is not open", base::printable(wanted.id)),
                     .path = unit.path};
}

std::int64_t newest_log_in(const engines::UnitView& logs) {
  const auto entries = logs.list("");
  if (!entries.ok()) return 0;
  std::int64_t newest_ns = 0;
  for (const engines::UnitEntry& entry : entries.value()) {
    if (is_log_name(entry.name)) newest_ns = std::max(newest_ns, entry.mtime_ns);
  }
  return newest_ns;
}

/// By their names: a copy that was made by hand has the time of the copying.
bool has_later_log(const std::string& folder, const engines::UnitView& saved) {
  const auto view = engines::open_evidence_view(os::follow_links(folder));
  const std::string last = engines::find_last_log(saved);
  return view.ok() && !last.empty() && engines::find_last_log(*view.value()) > last;
}

engines::LogReading reading_of(std::int64_t not_after_ns, const PlanProgress& progress) {
  engines::LogReading reading{.depth = engines::LogDepth::everything, .until_ns = {}, .is_cancelled = [&progress] {
                                return progress.cancelled();
                              }};
  if (not_after_ns != 0) reading.until_ns = not_after_ns;
  return reading;
}

base::Status measure_logs(const Plan& plan, PlanUnit& unit, OpenedSources& sources, const VerdictTable& verdicts,
                          std::int64_t not_after_ns, PlanProgress& progress) {
  PlanLogs& logs = unit.logs;
  const std::vector<LogPlace> all = find_log_places(sources, logs.path, not_after_ns);
  logs.missing = "no snapshot has a log file there";
  if (all.empty()) return base::Done{};
  LG_ASSIGN(const ChosenCopy copy, open_chosen(plan, unit, sources));
  std::optional<JoinedLogs> found;
  if (unit.needs_log) {
    found = find_completing_logs(sources, all, verdicts, *copy.view, copy.unit, logs.missing);
  } else {
    LG_ASSIGN(found, find_furthest_logs(sources, all, verdicts, *copy.view, copy.unit));
  }
  if (!found) return base::Done{};
  progress.step(describe_reading(*found->view, logs.path, unit.data_as_of_ns));
  LG_ASSIGN(const MeasuredLogs measured, measure_all(std::move(*found), sources, all, verdicts, {*copy.view, copy.unit},
                                                     reading_of(not_after_ns, progress)));
  const engines::LogEnd& end = measured.end;
  for (const LogPlace& place : measured.logs.places) {
    const std::string& name = sources.opened[place.source].record.name;
    const bool is_known = std::any_of(logs.places.begin(), logs.places.end(), [&](const PlanPlace& one) {
      return one.source == name && one.snapshot == place.snapshot.id;
    });
    if (!is_known) logs.places.push_back({.source = name, .snapshot = place.snapshot.id});
  }
  logs.files = end.files;
  logs.bytes = end.bytes;
  logs.reach_ns = end.last_commit_ns;
  const std::int64_t newest_ns = newest_log_in(*measured.logs.view);
  // Where the saved ones end early, or nobody knows where, others may go on from there.
  const bool are_whole = end.missing.empty() && logs.reach_ns != 0;
  const auto is_behind = [&](std::int64_t changed_ns, const std::string& folder) {
    return changed_ns > newest_ns || !are_whole || has_later_log(folder, *measured.logs.view);
  };
  if (logs.on_server_ns != 0 && !is_behind(logs.on_server_ns, logs.path)) logs.on_server_ns = 0;
  if (unit.own_log_ns != 0 && !is_behind(unit.own_log_ns, unit.path + "/pg_wal")) unit.own_log_ns = 0;
  // What is broken behind the moment that was asked for is not missed.
  if (not_after_ns != 0 && logs.reach_ns > not_after_ns) {
    logs.reach_ns = not_after_ns;
    logs.missing.clear();
    return base::Done{};
  }
  logs.missing = end.missing;
  logs.end_early = end.ends_early;
  return base::Done{};
}

constexpr std::string_view k_needs_log =
    "it has not all of its own log: it can be used only when these logs are replayed, which the restore does last "
    "(not with --no-replay)";

std::string sentence_of(const PlanLogs& logs, std::string_view zone) {
  const std::string place = base::printable(logs.path);
  const std::string not_opened =
      logs.not_opened.empty() ? std::string() : fmt::format("; LATER ONES MAY BE MISSING: {}", logs.not_opened);
  if (!logs.can_replay())
    return fmt::format("logs: none of '{}' can be replayed: {}{}", place, logs.missing, not_opened);
  std::string out =
      fmt::format("logs: {} files ({}) of '{}' in {} are replayed after it", base::human_count(logs.files),
                  base::human_bytes(logs.bytes), place,
                  describe_places(logs.places.front().source, logs.places.front().snapshot, logs.places.size() - 1));
  out += logs.reach_ns == 0 ? std::string("; they do not say how far they reach")
                            : ": data as of " + base::time_in_zone(logs.reach_ns, zone) + " at best";
  if (!logs.missing.empty()) out += "; they end there, because " + logs.missing;
  return out + not_opened;
}

/// What a person can do beyond the plan: nothing is read from a struck server unasked.
std::string sentence_of_server(const PlanUnit& unit, std::string_view zone) {
  return fmt::format(
      "logs on the server itself, in '{}', go on to {}: they may hold later commits, also "
      "the attacker's (--until ends before them); after the restore: lastgood replay '{}' --logs '{}'",
      base::printable(unit.logs.path), base::time_in_zone(unit.logs.on_server_ns, zone), base::printable(unit.path),
      base::printable(unit.logs.path));
}

std::string sentence_of_own_log(const PlanUnit& unit, std::string_view zone) {
  return fmt::format(
      "its own log on the server, in '{0}/pg_wal', goes on to {1}: it may hold commits that no backup has, also the "
      "attacker's (--until ends before them); after the restore, which says where it lies then: lastgood replay "
      "'{0}'{2} --logs DIR",
      base::printable(unit.path), base::time_in_zone(unit.own_log_ns, zone),
      unit.logs.places.empty() ? std::string()
                               : fmt::format(" --logs-in-backups '{}'", base::printable(unit.logs.path)));
}

std::string name_of(const PlanCopy& copy) {
  return base::printable(fmt::format("{} {}", copy.source, model::short_id(copy.snapshot)));
}

/// The last segment is archived only once it is full: what was committed last is nowhere but in the database's own log.
base::Status find_own_log(PlanUnit& unit, const PlanPolicy& policy, casefile::CaseStore& store) {
  if (unit.kind != engines::name_of(engines::UnitKind::postgresql) || policy.not_after_ns != 0) return base::Done{};
  LG_ASSIGN(const std::int64_t newest_ns, find_newest_log_on_server(store, os::follow_links(unit.path + "/pg_wal")));
  if (newest_ns > unit.data_as_of_ns) unit.own_log_ns = newest_ns;
  return base::Done{};
}

}  // namespace

std::string describe_gone(const std::string& path) {
  return fmt::format(
      "{}{} there now: since a scan looked there, it was deleted, emptied or moved, or its disk is not mounted. Where "
      "the disk is there, scan the folder around it again ('lastgood scan') and plan again: what is still not planned "
      "then no source has",
      k_gone_rule,
      what_stands_at(path) == Stands::nothing ? "nothing stands" : "nothing but an empty file or folder stands");
}

const services::DataUnit* find_data(const services::ServicesFile& file, const std::string& path,
                                    const std::string& kind) {
  for (const services::Service* service : services::with_left_out(file)) {
    for (const services::DataUnit& data : service->data) {
      if (data.path == path && services::name_of(data.kind) == kind) return &data;
    }
  }
  return nullptr;
}

bool is_link_of_data(const services::ServicesFile& file, const std::string& link, const std::string& home) {
  const std::vector<const services::Service*> all = services::with_left_out(file);
  return std::any_of(all.begin(), all.end(), [&](const services::Service* service) {
    return std::any_of(service->data.begin(), service->data.end(),
                       [&](const services::DataUnit& data) { return data.link == link && data.path == home; });
  });
}

std::string describe_exchange(const PlanUnit& unit, std::string_view zone) {
  if (unit.fault_in_place.empty()) return {};
  const std::string until = unit.stood_until_ns == 0 ? std::string()
                                                     : fmt::format(", which was at work until {},",
                                                                   base::time_in_zone(unit.stood_until_ns, zone));
  return fmt::format(
      "what stands there{} goes as a whole, and is kept aside: what was committed to it after the copy{} is in that "
      "alone. Before: 'lastgood sheets --from-damaged /' reads the tables of it that are whole",
      until, unit.logs.can_replay() ? " and its logs" : "");
}

std::vector<std::string> sentences_of(const PlanUnit& unit, std::string_view zone) {
  std::vector<std::string> out;
  if (!unit.fault_in_place.empty()) out.push_back(describe_exchange(unit, zone));
  if (unit.needs_log) out.push_back(std::string(k_needs_log));
  if (!unit.logs.path.empty()) out.push_back(sentence_of(unit.logs, zone));
  if (unit.logs.on_server_ns != 0 && unit.logs.until_ns == 0) out.push_back(sentence_of_server(unit, zone));
  if (unit.own_log_ns != 0 && unit.logs.until_ns == 0) out.push_back(sentence_of_own_log(unit, zone));
  std::string same;
  std::string other;
  for (const PlanCopy& copy : unit.other_copies) {
    if (base::time_in_zone(copy.data_as_of_ns, zone) == base::time_in_zone(unit.data_as_of_ns, zone))
      same += (same.empty() ? "" : ", ") + name_of(copy);
    else
      other += fmt::format("{}{} has {}", other.empty() ? "" : ", ", name_of(copy),
                           base::time_in_zone(copy.data_as_of_ns, zone));
  }
  if (!same.empty()) out.push_back("sources agree on its last commit: the same in " + same);
  if (!other.empty()) out.push_back("sources differ in its last commit: " + other);
  return out;
}

base::Status look_at_data(Plan& plan, const services::ServicesFile& file, const PlanPolicy& policy,
                          OpenedSources& sources, casefile::CaseStore& store, PlanProgress& progress) {
  LG_TRY(add_missing_data(plan, file, policy, store));
  LG_TRY(leave_out_pieces(plan, file, store));
  leave_regenerable(plan, file);
  name_lost_databases(plan, file);
  LG_TRY(name_dumps(plan, file, store));
  LG_ASSIGN(const VerdictTable verdicts, VerdictTable::read(store));
  for (PlanUnit& unit : plan.units) {
    if (!is_database(unit)) continue;
    LG_TRY(add_other_copies(plan, unit, store));
    LG_TRY(find_own_log(unit, policy, store));
    const services::DataUnit* data = find_data(file, unit.path, unit.kind);
    if (data == nullptr || data->logs.empty()) continue;
    unit.logs = {.path = data->logs, .until_ns = policy.not_after_ns};
    LG_ASSIGN(unit.logs.not_opened,
              describe_unread_logs(store, sources, data->logs, find_log_places(sources, data->logs, 0), plan.as_of_ns));
    LG_ASSIGN(unit.logs.on_server_ns, find_newest_log_on_server(store, os::follow_links(data->logs)));
    const base::Status measured = measure_logs(plan, unit, sources, verdicts, policy.not_after_ns, progress);
    if (!measured.ok() && measured.error().code == base::ErrorCode::cancelled) return measured;
    // The copy is a plan without its logs, too.
    if (!measured.ok()) unit.logs.missing = measured.error().what;
  }
  return base::Done{};
}

}  // namespace lastgood::recovery
