// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <memory>

#include <fmt/format.h>

#include "base/human.h"
#include "base/local_time.h"
#include "casefile/case_about.h"
#include "engines/startable_mode.h"
#include "os/paths.h"
#include "os/swap_folder.h"
#include "os/terminal.h"
#include "readiness/absent_sources.h"
#include "readiness/copy_name.h"
#include "readiness/service_state.h"
#include "readiness/since_restored.h"
#include "recovery/awaited_replay.h"
#include "recovery/case_sources.h"
#include "recovery/database_dumps.h"
#include "recovery/fault_in_place.h"
#include "recovery/logs_on_server.h"
#include "recovery/own_replay.h"
#include "recovery/parts_elsewhere.h"
#include "recovery/stands_as_seen.h"
#include "recovery/unit_copies.h"
#include "services/history.h"
#include "sources/name_time.h"
#include "timeline/live_scans.h"

namespace lastgood::readiness {

namespace {

using Known = DataState::Known;
using services::TrialOutcome;

constexpr std::uint64_t k_hits_counted = 1'000'000;

void take_trial(DataState& state, const services::DataTrial& trial, std::int64_t made_ns, const std::string& zone) {
  const bool works = trial.outcome == TrialOutcome::passed || trial.outcome == TrialOutcome::complaints;
  if (works || trial.outcome == TrialOutcome::failed) state.tested_ns = made_ns;
  state.known = works ? Known::tested : Known::none;
  state.source = trial.source;
  state.snapshot = trial.snapshot;
  state.data_as_of_ns = std::max(trial.data_as_of_ns, trial.logs_reach_ns);
  state.bytes = trial.bytes;
  state.sentence = fmt::format("restore test of {}: {}", base::time_in_zone(made_ns, zone), trial.sentence);
}

/// Its snapshot may be dated by a name, and that read in another zone since the test: one snapshot, one time.
base::Status take_present_time(DataState& state, const services::DataTrial& trial, casefile::CaseStore& store,
                               const std::string& zone) {
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> snapshots, store.backups().snapshots(trial.source));
  const auto at = std::find_if(snapshots.begin(), snapshots.end(), [&](const model::JudgedSnapshot& judged) {
    return judged.snapshot.id == trial.snapshot;
  });
  const bool is_by_name = at != snapshots.end() && sources::is_zone_assumed(at->snapshot, {});
  if (!is_by_name || at->snapshot.time_ns == trial.snapshot_ns) return base::Done{};
  if (trial.data_as_of_ns == trial.snapshot_ns)
    state.data_as_of_ns = std::max(at->snapshot.time_ns, trial.logs_reach_ns);
  state.sentence += fmt::format(" (the time of '{}' is read as {} since)", model::short_id(trial.snapshot),
                                base::time_in_zone(at->snapshot.time_ns, zone));
  return base::Done{};
}

/// Nothing was tested: what judging says.
void take_copies(DataState& state, const std::vector<recovery::UnitCopy>& copies, const services::DataUnit& data,
                 const std::string& zone) {
  if (copies.empty()) {
    state.sentence = "nothing is known of its copies: 'lastgood services check' tries them";
    return;
  }
  const auto at = std::find_if(copies.begin(), copies.end(), [&](const recovery::UnitCopy& copy) {
    return copy.is_usable() && copy.unit.kind == state.kind;
  });
  if (at == copies.end()) {
    state.known = Known::none;
    state.sentence = copies.size() == 1 ? fmt::format("its only copy cannot be used: it is {}",
                                                      recovery::describe_state(copies.front().unit))
                                        : fmt::format("none of its {} copies can be used, the newest is {}",
                                                      copies.size(), recovery::describe_state(copies.front().unit));
    const bool has_whole_tables = std::any_of(copies.begin(), copies.end(), [&](const recovery::UnitCopy& copy) {
      return copy.may_answer_in_part() && copy.unit.kind == state.kind;
    });
    const bool may_be_completed =
        !data.logs.empty() && std::any_of(copies.begin(), copies.end(), [&](const auto& copy) {
          return copy.needs_log() && copy.unit.kind == state.kind;
        });
    if (may_be_completed) state.sentence += "; its saved logs may complete it: 'lastgood services check' tries that";
    if (has_whole_tables)
      state.sentence += "; its whole tables may still fill sheets: 'lastgood services check' says which do not answer";
    return;
  }
  state.known = Known::judged;
  state.source = at->source.name;
  state.snapshot = at->snapshot.id;
  state.data_as_of_ns = at->data_as_of_ns;
  state.bytes = at->unit.bytes;
  if (!data.logs.empty()) state.logs = DataState::Logs::unread;
  const std::string judged =
      fmt::format("a copy in '{}' was judged {}, data as of {}", copy_name(at->source.name, at->snapshot.id),
                  at->unit.state, base::time_in_zone(at->data_as_of_ns, zone));
  if (state.in_place_ns != 0) {
    state.sentence = "should it be needed once more: " + judged;
    return;
  }
  state.sentence = fmt::format("{}{}; it was not started yet: 'lastgood services check' does", judged,
                               data.logs.empty() ? "" : " without its saved logs, which were not looked at yet");
}

/// Of plain files judging makes no set: that good ones are in a snapshot is what it says. Newest snapshots first.
base::Status take_files(DataState& state, casefile::CaseStore& store, const AbsentSources& absent) {
  LG_ASSIGN(std::vector<model::BackupSource> sources, store.backups().sources());
  std::erase_if(sources, [&](const model::BackupSource& source) { return absent.contains(source.name); });
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  for (const model::BackupSource& source : sources) {
    const auto stored = recovery::stored_path_of(source, state.path);
    LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(source.name));
    std::vector<model::Snapshot> snapshots;
    for (const model::JudgedSnapshot& one : judged) snapshots.push_back(one.snapshot);
    const std::vector<std::string> labels = recovery::label_snapshots(snapshots);
    for (std::size_t i = labels.size(); stored && i-- > 0;) {
      bool is_there = false;
      for (const model::Scan& scan : scans) {
        if (scan.source != source.name || is_there) continue;
        LG_TRY(store.visit_files({.scan_id = scan.id,
                                  .verdicts = {model::Verdict::intact},
                                  .path = {},
                                  .path_below = fmt::format("/{}/{}{}", source.name, labels[i], *stored),
                                  .details = false},
                                 [&](const model::FileRecord& /*file*/) {
                                   is_there = true;
                                   return false;
                                 }));
      }
      if (!is_there) continue;
      state.known = Known::judged;
      state.source = source.name;
      state.snapshot = snapshots[i].id;
      state.sentence = fmt::format(
          "files of it in '{}' were judged intact; how many come back, and as of when, 'lastgood plan --service' and "
          "'lastgood services check' say",
          copy_name(source.name, snapshots[i].id));
      return base::Done{};
    }
  }
  return base::Done{};
}

/// Of a database without a usable copy: a dump is no copy, and may be the way.
base::Status take_dump(DataState& state, const services::DataUnit& data, casefile::CaseStore& store,
                       const std::string& zone) {
  const bool is_server = data.kind == services::DataKind::postgresql || data.kind == services::DataKind::mariadb;
  const bool has_copy = state.known == Known::tested || state.known == Known::judged;
  if (!is_server || has_copy) return base::Done{};
  LG_ASSIGN(const std::optional<recovery::DatabaseDump> dump,
            recovery::find_newest_dump(store, state.kind, data.database));
  if (dump) state.sentence += "; " + recovery::describe_dump(*dump, state.kind, zone);
  return base::Done{};
}

/// A file that is a unit, what goes with it, and what an attack makes of both: "q.db", "q.db-wal", "q.db.locked".
bool is_of_file(std::string_view path, std::string_view file) {
  if (!path.starts_with(file)) return false;
  const std::string_view rest = path.substr(file.size());
  // SQLite makes its index of the log ("-shm") anew at each start.
  return rest.empty() || rest[0] == '.' || (rest[0] == '-' && !rest.starts_with("-shm"));
}

/// What is looked at of one data unit: files below a folder that are its own.
struct HitPlace {
  std::string folder;
  std::function<bool(const std::string& path)> is_own;
};

/// Where links of a database lead: tablespaces and the log of a PostgreSQL, tables of a MariaDB.
std::vector<HitPlace> places_elsewhere(const DataState& state, const std::vector<timeline::LiveScan>& scans,
                                       const std::vector<recovery::UnitCopy>& copies) {
  if (state.kind != services::name_of(services::DataKind::postgresql) &&
      state.kind != services::name_of(services::DataKind::mariadb))
    return {};
  const auto parts = std::make_shared<recovery::PartsElsewhere>();
  std::vector<std::string> roots;
  for (const timeline::LiveScan& live : scans)
    roots.insert(roots.end(), live.scan.roots.begin(), live.scan.roots.end());
  parts->look_at_live(state.path, roots);
  for (const recovery::UnitCopy& copy : copies) parts->add_copy(state.path, copy.source, copy.snapshot, copy.unit);
  std::vector<HitPlace> out;
  for (const recovery::PartElsewhere* const part : parts->used_by(state.path)) {
    const bool is_known =
        std::any_of(out.begin(), out.end(), [&](const auto& one) { return one.folder == part->folder; });
    if (is_known) continue;
    out.push_back({.folder = part->folder, .is_own = [parts, part](const std::string& path) {
                     const recovery::PartElsewhere* const of = parts->find(path);
                     return of != nullptr && of->unit == part->unit && of->folder == part->folder &&
                            of->use == recovery::PartElsewhere::Use::used;
                   }});
  }
  return out;
}

/// `state.path` itself, or the file that it is.
HitPlace place_of(const DataState& state) {
  if (state.kind != services::name_of(services::DataKind::sqlite))
    return {.folder = state.path, .is_own = [](const std::string& /*path*/) { return true; }};
  return {.folder = state.path.substr(0, state.path.rfind('/') + 1),
          .is_own = [file = state.path](const std::string& path) { return is_of_file(path, file); }};
}

base::Status count_hit(DataState& state, casefile::CaseStore& store, const std::vector<timeline::LiveScan>& scans,
                       const std::vector<EndedRestore>& restores, const std::vector<recovery::UnitCopy>& copies) {
  std::vector<HitPlace> places = places_elsewhere(state, scans, copies);
  places.insert(places.begin(), place_of(state));
  for (const timeline::LiveScan& live : scans) {
    const std::int64_t restored_ns = restored_since(restores, live.scan, state.path);
    state.restored_ns = std::max(state.restored_ns, restored_ns);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto count = [&](const model::FileRecord& file) {
        if (!places[i].is_own(file.path)) return true;
        const bool is_replaced = restored_ns != 0 && !is_as_scanned(file);
        ++(is_replaced ? state.replaced : state.hit);
        if (i > 0 && !is_replaced) state.struck_elsewhere.insert(places[i].folder);
        return state.hit + state.replaced < k_hits_counted;
      };
      casefile::FileFilter filter{.scan_id = {},
                                  .verdicts = {model::Verdict::encrypted, model::Verdict::partly_encrypted},
                                  .path = {},
                                  .path_below = places[i].folder,
                                  .details = false};
      LG_TRY(timeline::visit_live_files(store, live, std::move(filter), count));
    }
  }
  return base::Done{};
}

bool is_scanned(const std::vector<timeline::LiveScan>& scans, const std::string& path) {
  const auto holds = [&](const std::string& root) {
    return path == root || path.starts_with(root.ends_with('/') ? root : root + "/");
  };
  return std::any_of(scans.begin(), scans.end(), [&](const timeline::LiveScan& live) {
    return live.scan.finished_ns != 0 && std::any_of(live.scan.roots.begin(), live.scan.roots.end(), holds);
  });
}

/// Whether the newest scan could not say that the file of an SQLite database is sound, or one of a server's database.
base::Result<bool> is_unclear(const DataState& state, casefile::CaseStore& store,
                              const std::vector<timeline::LiveScan>& scans) {
  bool out = false;
  const bool is_file = state.kind == services::name_of(services::DataKind::sqlite);
  if (!is_file && std::string_view(engines::server_account(state.kind)).empty()) return out;
  for (const timeline::LiveScan& live : scans) {
    casefile::FileFilter filter{
        .scan_id = {},
        .verdicts = {model::Verdict::undecided, model::Verdict::unreadable, model::Verdict::damaged},
        .path = is_file ? state.path : std::string(),
        .path_below = is_file ? std::string() : state.path,
        .details = false};
    LG_TRY(timeline::visit_live_files(store, live, std::move(filter), [&](const model::FileRecord& /*file*/) {
      out = true;
      return false;
    }));
  }
  return out;
}

/// Of a database that no restore has to bring: no table of it says that it is sound before it was made again.
base::Status count_doubtful(DataState& state, casefile::CaseStore& store,
                            const std::vector<timeline::LiveScan>& scans) {
  if (std::string_view(engines::server_account(state.kind)).empty()) return base::Done{};
  for (const timeline::LiveScan& live : scans) {
    casefile::FileFilter filter{.scan_id = {},
                                .verdicts = {model::Verdict::undecided, model::Verdict::damaged},
                                .path = {},
                                .path_below = state.path,
                                .details = false};
    LG_TRY(timeline::visit_live_files(store, live, std::move(filter), [&](const model::FileRecord& file) {
      if (is_as_scanned(file)) ++state.doubtful;
      return state.doubtful < k_hits_counted;
    }));
  }
  if (state.doubtful > 0) state.in_place_ns = 0;
  return base::Done{};
}

/// `restored_ns`: when a restore ended that brought it back, or 0.
base::Status look_in_place(DataState& state, casefile::CaseStore& store, const std::vector<timeline::LiveScan>& scans,
                           std::int64_t restored_ns) {
  const bool is_server = !std::string_view(engines::server_account(state.kind)).empty();
  const bool is_emptied = is_server && recovery::what_stands_at(state.path) == recovery::Stands::emptied;
  if (state.hit != 0 || !is_there(state.path) || is_emptied) return base::Done{};
  const auto owner = os::folder_owner(state.path);
  if (owner.ok() && engines::startable_mode(state.kind, owner.value().mode) != owner.value().mode)
    state.refused_mode = owner.value().mode;
  if (owner.ok() && owner.value().user_id == 0) state.root_owned_for = engines::server_account(state.kind);
  std::vector<std::string> roots;
  for (const timeline::LiveScan& live : scans)
    roots.insert(roots.end(), live.scan.roots.begin(), live.scan.roots.end());
  state.fault_in_place = recovery::find_fault_in_place(state.kind, state.path, roots).sentence;
  if (!state.fault_in_place.empty()) return base::Done{};
  state.in_place_ns = restored_ns;
  if (state.replaced != 0 || !is_scanned(scans, state.path)) return base::Done{};
  LG_ASSIGN(const bool is_in_doubt, is_unclear(state, store, scans));
  state.scanned = is_in_doubt ? DataState::Scanned::unclear : DataState::Scanned::unstruck;
  return base::Done{};
}

/// The folder as it was restored, from which alone logs go on once a server has worked on what a replay made of it.
base::Result<std::string> find_base_after_start(const std::string& folder, const std::string& case_folder) {
  LG_ASSIGN(const auto replay, recovery::find_last_replay(case_folder, folder, engines::UnitKind::postgresql));
  const bool is_changed = replay && replay->stands == recovery::LastReplay::Stands::changed;
  return is_changed ? replay->replay.base_now : std::string();
}

/// A restore takes none of them unasked, and says so once: whoever starts the service later would never know.
base::Status look_at_server_logs(DataState& state, const services::DataUnit& data, const std::string& case_folder,
                                 casefile::CaseStore& store) {
  constexpr std::int64_t k_slack_ns = 5'000'000'000;  // the last log is closed a little after the last commit
  if (state.in_place_ns == 0) return base::Done{};
  std::optional<recovery::OwnLog> own;  // of the one kind that has it
  if (data.kind == services::DataKind::postgresql) {
    LG_ASSIGN(own, recovery::find_own_log_left(case_folder, data.path));
  }
  if (own) {
    state.own_log = own->folder;
    state.own_log_ns = own->until_ns;
    state.own_log_behind = own->logs_in_backups;
    LG_ASSIGN(state.own_log_base, find_base_after_start(data.path, case_folder));
  }
  if (data.logs.empty()) return base::Done{};
  LG_ASSIGN(const std::int64_t newest_ns, recovery::find_newest_log_on_server(store, os::follow_links(data.logs)));
  LG_ASSIGN(const std::int64_t replayed_ns, recovery::replayed_until(case_folder, data.path));
  if (newest_ns <= std::max(state.data_as_of_ns, replayed_ns) + k_slack_ns) return base::Done{};
  state.server_logs = data.logs;
  state.server_logs_ns = newest_ns;
  return base::Done{};
}

bool was_well_since(const services::ReadHistory& history, const std::string& service, std::int64_t time_ns) {
  return std::any_of(history.entries.begin(), history.entries.end(), [&](const services::HistoryEntry& entry) {
    return entry.service == service && entry.moment == services::Moment::healthy && entry.time_ns > time_ns;
  });
}

/// What a restore put in place stands as its backup had it, or as far as a replay of its saved logs brought it.
base::Status look_at_replay(DataState& state, const services::DataUnit& data, const std::string& service,
                            const services::ReadHistory& history, const std::string& case_folder,
                            const std::string& zone) {
  const auto kind = engines::find_unit_kind(state.kind);
  const bool has_server = !std::string_view(engines::server_account(state.kind)).empty();
  if (state.in_place_ns == 0 || data.logs.empty() || !kind || !has_server || state.known == Known::regenerated)
    return base::Done{};
  const auto replay = recovery::find_last_replay(case_folder, data.path, *kind);
  if (!replay.ok()) {
    state.sentence += fmt::format("; what was replayed into it is not known: {}", replay.error().what);
    return base::Done{};
  }
  if (!replay.value()) {
    if (was_well_since(history, service, state.in_place_ns)) return base::Done{};  // no log goes on from there now
    state.replay = DataState::Replay::not_known;
    state.saved_logs = data.logs;
    return base::Done{};
  }
  const recovery::OwnReplay& made = replay.value()->replay;
  const bool is_as_made = replay.value()->stands == recovery::LastReplay::Stands::as_made;
  if (is_as_made) state.data_as_of_ns = made.as_of_ns;
  state.logs = DataState::Logs::none_or_read;
  const std::string lacks = recovery::describe_lacks(made);
  state.sentence =
      fmt::format("its saved logs were replayed into it, data as of {}{}{}{}", base::time_in_zone(made.as_of_ns, zone),
                  is_as_made ? "" : " then; a server has worked on it since, or something else was put there",
                  is_as_made || lacks.empty() ? "" : "; then it was ", is_as_made ? "" : base::printable(lacks));
  if (!is_as_made || lacks.empty()) return base::Done{};
  state.lacks = lacks;
  state.saved_logs = data.logs;
  return base::Done{};
}

/// What is known of the whole case; read once.
struct CaseRecords {
  services::KeptChecks checks;
  std::vector<timeline::LiveScan> scans;
  std::vector<EndedRestore> restores;
  AbsentSources absent;
  std::string zone;
};

/// Says which copies nobody can read now; without any other there is none.
void take_absence(DataState& state, const std::vector<recovery::UnitCopy>& copies, const AbsentSources& absent) {
  std::string sentence = describe_absent(copies, absent);
  for (auto at = absent.begin(); state.kind == services::name_of(services::DataKind::files) && at != absent.end(); ++at)
    sentence += (sentence.empty() ? "" : "; ") + describe_absent(at->first, absent);
  if (sentence.empty()) return;
  const bool has_other = state.known == Known::tested || state.known == Known::judged;
  if (!has_other) state.known = Known::none;
  state.sentence = has_other ? state.sentence + "; " + sentence : sentence;
}

/// What could bring it back, by its restore tests and what judging saw.
base::Status look_at_copies(DataState& state, const services::Service& service, const services::DataUnit& data,
                            const CaseRecords& records, const std::vector<recovery::UnitCopy>& copies,
                            casefile::CaseStore& store) {
  // What lies in place needs no copy.
  const AbsentSources absent = state.in_place_ns == 0 ? records.absent : AbsentSources();
  std::vector<recovery::UnitCopy> present = copies;
  std::erase_if(present, [&](const recovery::UnitCopy& copy) { return absent.contains(copy.source.name); });
  state.agreement = recovery::compare_sources(present, state.kind, records.zone);
  const auto [trial, made_ns] = records.checks.newest(service.id, data.name, data.path);
  if (trial != nullptr && trial->outcome != TrialOutcome::not_tried && !absent.contains(trial->source)) {
    take_trial(state, *trial, made_ns, records.zone);
    LG_TRY(take_present_time(state, *trial, store, records.zone));
    return take_dump(state, data, store, records.zone);
  }
  take_copies(state, present, data, records.zone);
  if (data.kind == services::DataKind::files) LG_TRY(take_files(state, store, absent));
  LG_TRY(take_dump(state, data, store, records.zone));
  take_absence(state, copies, absent);
  if (trial != nullptr && trial->outcome == TrialOutcome::not_tried) state.sentence += "; " + trial->sentence;
  return base::Done{};
}

base::Result<DataState> state_of(const services::ServicesFile& file, const services::Service& service,
                                 const services::DataUnit& data, const CaseRecords& records,
                                 casefile::CaseStore& store) {
  DataState state;
  state.name = data.name;
  state.kind = std::string(services::name_of(data.kind));
  state.path = data.path;
  LG_ASSIGN(const std::vector<recovery::UnitCopy> copies, recovery::find_unit_copies(store, state.path));
  LG_TRY(count_hit(state, store, records.scans, records.restores, copies));
  LG_TRY(look_in_place(state, store, records.scans, data_restored(records.restores, file, service, data)));
  if (data.regenerable == services::Regenerable::yes) {
    state.known = Known::regenerated;
    state.sentence = "is made again from other data, last of all";
    LG_TRY(count_doubtful(state, store, records.scans));
    return state;
  }
  LG_TRY(look_at_copies(state, service, data, records, copies, store));
  return state;
}

}  // namespace

base::Result<StandingInput> gather_standings(const services::ServicesFile& file, const std::string& wanted,
                                             const std::string& case_folder, casefile::CaseStore& store,
                                             AskHealth ask) {
  StandingInput input;
  input.order = services::order_of(file, wanted);
  LG_ASSIGN(casefile::CaseAbout about, casefile::read_about(store));
  input.zone = std::move(about.zone);
  CaseRecords records{.zone = input.zone};
  LG_ASSIGN(records.checks, services::read_checks(case_folder));
  LG_ASSIGN(input.rate, recovery::measure_restore_rate(case_folder));
  LG_ASSIGN(records.scans, timeline::find_live_scans(store, timeline::LiveScans::newest));
  LG_ASSIGN(records.restores, read_ended_restores(case_folder));
  LG_ASSIGN(records.absent, find_absent_sources(store));
  LG_ASSIGN(const services::ReadHistory history, services::read_history(case_folder));
  LG_ASSIGN(const std::vector<recovery::AwaitedReplay> awaited, recovery::find_awaited_replays(case_folder));
  for (const services::Service* service : input.order) {
    for (const services::DataUnit& data : service->data) {
      LG_ASSIGN(DataState state, state_of(file, *service, data, records, store));
      if (std::any_of(awaited.begin(), awaited.end(), [&](const auto& one) { return one.path == data.path; })) {
        state.replay = DataState::Replay::awaited;
        state.saved_logs = data.logs;
        state.in_place_ns = 0;
      }
      LG_TRY(look_at_replay(state, data, service->id, history, case_folder, input.zone));
      // Once its server was up, the newest logs there are its own, of what it has already.
      if (!was_well_since(history, service->id, state.in_place_ns))
        LG_TRY(look_at_server_logs(state, data, case_folder, store));
      input.data[service->id].push_back(std::move(state));
    }
  }
  if (ask == AskHealth::no) {
    for (const services::Service* service : input.order)
      input.health[service->id] = {Health::unknown, "it was not asked", 0};
    return input;
  }
  const std::vector<HealthAnswer> answers = ask_all(input.order, &os::stop_requested);
  for (std::size_t i = 0; i < answers.size(); ++i) input.health[input.order[i]->id] = answers[i];
  return input;
}

}  // namespace lastgood::readiness
