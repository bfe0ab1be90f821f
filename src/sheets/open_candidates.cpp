// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/open_candidates.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include <fmt/format.h>

#include "base/local_time.h"
#include "casefile/case_about.h"
#include "engines/evidence_view.h"
#include "engines/joined_logs.h"
#include "engines/running_unit.h"
#include "os/clock.h"
#include "os/folder_user.h"
#include "os/memory_folder.h"
#include "os/paths.h"
#include "recovery/measured_logs.h"
#include "recovery/names_zone.h"
#include "sources/name_time.h"

namespace lastgood::sheets {

namespace {

std::optional<engines::UnitKind> kind_of(services::DataKind kind) {
  switch (kind) {
    case services::DataKind::postgresql: return engines::UnitKind::postgresql;
    case services::DataKind::mariadb: return engines::UnitKind::mariadb;
    case services::DataKind::sqlite: return engines::UnitKind::sqlite;
    case services::DataKind::orthanc: return engines::UnitKind::orthanc;
    case services::DataKind::maildir:
    case services::DataKind::files: break;
  }
  return std::nullopt;
}

/// Where the logs of so many do not fit, an older copy that needs none has its turn.
constexpr std::size_t k_to_complete_max = 2;

/// Dated by the name of its snapshot alone, in a zone that nobody has said.
bool is_in_assumed_zone(const recovery::UnitCopy& copy, const std::vector<std::string>& assumed) {
  return copy.unit.data_as_of_ns == 0 && sources::is_zone_assumed(copy.snapshot, {}) &&
         std::find(assumed.begin(), assumed.end(), copy.source.name) != assumed.end();
}

std::string words_of(const recovery::UnitCopy& copy, const std::vector<std::string>& assumed) {
  // Of restic a snapshot is known by the first digits of its name, of others by all of it.
  const bool digest = copy.snapshot.id.size() == 64;
  const std::string id = digest ? copy.snapshot.id.substr(0, 8) : copy.snapshot.id;
  const std::string backup = fmt::format("backup {} ({})", copy.source.name, copy.source.format);
  std::string where = id == "." ? backup : backup + ", snapshot " + id;  // one that is one copy has no name
  if (is_in_assumed_zone(copy, assumed)) where += " (its name taken for UTC)";
  if (copy.needs_log()) return where + ", with its saved logs";
  return copy.is_usable() ? where : where + ", a damaged copy";
}

/// Of "/", the machine itself, nothing is left.
std::string without_end(std::string root) {
  while (root.ends_with('/')) root.pop_back();
  return root;
}

base::Status open_files(CaseOfSheets& of, const services::DataUnit& unit, const Candidate& candidate,
                        OpenedCandidate& out, engines::FoundUnit& found) {
  if (candidate.copy) {
    LG_ASSIGN(recovery::OpenedCopy opened, recovery::open_unit_copy(of.store, *candidate.copy, of.prompt));
    found = opened.unit;
    out.copy = std::move(opened);
    return base::Done{};
  }
  const std::string root = without_end(candidate.root);
  // On this machine its folder may be reached by a link; links of a mounted server's disk lead to places of that one.
  const std::string path = root.empty() ? os::follow_links(unit.path) : unit.path;
  const std::size_t slash = path.rfind('/');
  const std::string folder = root + path.substr(0, slash);
  LG_ASSIGN(out.live, engines::open_evidence_view(folder.empty() ? "/" : folder, root));
  found = {*kind_of(unit.kind), path.substr(slash + 1)};
  return base::Done{};
}

/// Whether a server works in the files that are to be opened. Of SQLite the folder is looked at.
bool is_running(const engines::UnitView& view, const engines::FoundUnit& found) {
  const auto folder = view.find_on_this_machine(found.kind == engines::UnitKind::sqlite ? "" : found.path);
  return folder && os::find_folder_user(*folder);
}

base::Status copy_of_running(const std::string& scratch, OpenedCandidate& out, engines::FoundUnit& found) {
  LG_ASSIGN(os::ScratchTree tree, engines::copy_running_cluster(*out.live, found.path, scratch));
  out.of_running = std::make_unique<os::ScratchTree>(std::move(tree));
  LG_ASSIGN(out.live, engines::open_evidence_view(out.of_running->path()));
  found.path = "data";
  return base::Done{};
}

using OpenOnce = std::function<base::Result<std::unique_ptr<engines::ScratchServer>>()>;

/// Of an engine whose log does not tell how to make files of many moments one: it is taken when nothing was written
/// while it was copied and started.
base::Result<std::unique_ptr<engines::ScratchServer>> open_while_still(const engines::UnitView& view,
                                                                       const engines::FoundUnit& found,
                                                                       const OpenOnce& open) {
  constexpr int k_tries = 3;
  for (int i = 0; i < k_tries; ++i) {
    const std::vector<std::string> earlier = engines::list_with_times(view, found);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const std::vector<std::string> before = engines::list_with_times(view, found);
    if (earlier != before) continue;
    auto opened = open();
    if (engines::list_with_times(view, found) == before) return opened;
  }
  return base::Error{.code = base::ErrorCode::busy_retry,
                     .what = fmt::format("a program works in it and wrote while it was copied, in {} tries", k_tries),
                     .path = found.path,
                     .hint = "the same again in a quiet moment; or stop it for as long as the copy takes"};
}

base::Status open_its_logs(CaseOfSheets& of, const services::DataUnit& unit, const Candidate& candidate,
                           OpenedCandidate& out) {
  if (unit.logs.empty() || candidate.has_its_logs) return base::Done{};
  if (candidate.copy && candidate.copy->needs_log()) {
    LG_ASSIGN(out.logs,
              recovery::open_completing_logs(of.store, unit.logs, of.prompt, *out.copy->view, out.copy->unit));
    return base::Done{};
  }
  std::optional<recovery::LogUser> copy;
  if (out.copy) copy.emplace(recovery::LogUser{*out.copy->view, out.copy->unit});
  auto logs = recovery::open_logs(of.store, unit.logs, of.prompt, copy ? &*copy : nullptr);
  if (!logs.ok()) {
    out.notes.push_back("its logs could not be read: " + logs.error().what);
    out.lacks_logs = true;
    return base::Done{};
  }
  if (!logs.value().logs) {
    out.notes.push_back(fmt::format("no backup has any of its logs ('{}'): rows of after this copy are not in it",
                                    base::printable(unit.logs)));
    out.lacks_logs = true;
  }
  if (!logs.value().not_opened.empty()) {
    out.notes.push_back("saved logs are not there, so that later rows may be missing: " + logs.value().not_opened);
    out.lacks_logs = true;
  }
  if (logs.value().logs) out.logs = std::move(*logs.value().logs);
  return base::Done{};
}

/// The damaged server's own files, where they are asked for, and what a restore has put in its place; where both are
/// the same, it is what was restored.
std::vector<Candidate> find_in_place(const services::DataUnit& unit, const MakeOptions& options) {
  std::vector<Candidate> out;
  const auto restored = options.restored.find(unit.path);
  const bool is_restored = restored != options.restored.end();
  const std::string damaged_root = without_end(options.damaged_root);
  if (!options.damaged_root.empty() && !(is_restored && without_end(restored->second.root) == damaged_root)) {
    Candidate damaged;
    damaged.source = "the damaged server's own files at " + base::printable(damaged_root + unit.path);
    damaged.root = options.damaged_root;
    out.push_back(std::move(damaged));
  }
  if (!is_restored) return out;
  Candidate standing;
  standing.root = restored->second.root;
  standing.source = fmt::format("the database as it stands restored in its place, {}",
                                base::printable(without_end(standing.root) + unit.path));
  standing.has_its_logs = true;
  standing.restored = restored->second;
  out.push_back(std::move(standing));
  return out;
}

/// Another start without the logs would go the same way.
bool is_ours(const base::Error& error) {
  return error.code == base::ErrorCode::cancelled || error.code == base::ErrorCode::unsupported;
}

}  // namespace

base::Result<Candidates> find_candidates(CaseOfSheets& of, const services::DataUnit& unit, const MakeOptions& options) {
  Candidates out;
  out.list = find_in_place(unit, options);
  std::unique_lock turn(of.taking_turns);
  LG_ASSIGN(const std::vector<recovery::UnitCopy> copies, recovery::find_unit_copies(of.store, unit.path));
  LG_ASSIGN(const casefile::CaseAbout about, casefile::read_about(of.store));
  LG_ASSIGN(const std::vector<std::string> assumed, recovery::find_assumed_zones(of.store));
  if (copies.empty()) {
    const auto kind = services::name_of(unit.kind);
    const auto instead = recovery::describe_instead_of_unit(of.store, unit.path, kind, of.prompt);
    if (instead.ok()) out.left_out = instead.value();
  }
  turn.unlock();
  std::map<std::string, std::size_t> unusable;
  std::vector<Candidate> damaged;
  const recovery::UnitCopy* newest_unusable = nullptr;
  std::string apart;  // the newest that is out of the attacker's reach, and not usable
  std::size_t left_out = 0;
  std::size_t to_complete = 0;
  for (const recovery::UnitCopy& copy : copies) {
    const bool may_be_completed = copy.needs_log() && !unit.logs.empty() && to_complete < k_to_complete_max;
    if (copy.is_usable() || may_be_completed) {
      to_complete += copy.needs_log() ? 1U : 0U;
      out.list.push_back({.copy = copy, .source = words_of(copy, assumed), .data_as_of_ns = copy.data_as_of_ns});
      if (out.list.back().is_attached()) out.list.back().instead_of = apart;
      continue;
    }
    if (apart.empty() && copy.source.independence != model::Independence::attached)
      apart = fmt::format("{}: {}", copy.source.name, recovery::describe_state(copy.unit));
    if (copy.may_answer_in_part()) {
      damaged.push_back({.copy = copy, .source = words_of(copy, assumed), .data_as_of_ns = copy.data_as_of_ns});
    } else {
      ++unusable[copy.unit.state];
      if (newest_unusable == nullptr) newest_unusable = &copy;
      ++left_out;
    }
  }
  out.list.insert(out.list.end(), damaged.begin(), damaged.end());
  out.agreement = recovery::compare_sources(copies, services::name_of(unit.kind), about.zone);
  if (left_out == 0) return out;
  out.left_out = fmt::format("{} {} not usable:", left_out, left_out == 1 ? "copy is" : "copies are");
  for (const auto& [state, count] : unusable) out.left_out += fmt::format(" {} {}", count, state);
  out.left_out += fmt::format("; the newest is {}", recovery::describe_state(newest_unusable->unit));
  return out;
}

namespace {

/// A PostgreSQL that its replay had brought to a known commit. Checkpoints and base backups are no work of anybody: a
/// commit is, or a transaction that its log at hand no longer tells of. Nothing: then as of its last checkpoint.
std::optional<DataTime> time_of_replayed(const RestoredUnit& restored, const engines::LastWork& work) {
  if (work.commit_ns > restored.as_of_ns) return DataTime{work.commit_ns, "the last commit that its own log tells"};
  const bool is_worked_in = restored.next_transaction != 0 && work.next_transaction > restored.next_transaction;
  if (is_worked_in) return std::nullopt;
  return DataTime{restored.as_of_ns, "the last commit that its restore replayed: its log tells none since"};
}

/// What stands there was written by engines that replayed, started or stopped after the restore: their checkpoints are
/// no time of the hospital's data. Nothing: its own log tells a commit.
std::optional<DataTime> time_of_restored(const RestoredUnit& restored, const OpenedCandidate& opened,
                                         services::DataKind kind) {
  const engines::ScratchStart& start = opened.server->start();
  // What a server at work has written may not be in its files yet.
  if (restored.is_as_made && restored.as_of_ns != 0 && opened.at_work_ns == 0)
    return DataTime{restored.as_of_ns, "the last commit that its restore replayed: no server has worked on it since"};
  // Without a binary log nobody knows whether anybody has entered anything since.
  const bool is_older = start.data_as_of_ns < restored.ended_ns;
  if (opened.at_work_ns != 0 && is_older && kind == services::DataKind::mariadb) return DataTime{};
  // Orthanc writes its index all the time, with nobody in it; of SQLite only its file's time is known.
  const bool is_by_file = kind == services::DataKind::orthanc || kind == services::DataKind::sqlite;
  if (is_by_file) return is_older ? std::nullopt : std::optional(DataTime{});
  if (kind == services::DataKind::postgresql && restored.as_of_ns != 0)
    return time_of_replayed(restored, opened.last_work);
  if (opened.last_work.commit_ns > restored.ended_ns)
    return DataTime{opened.last_work.commit_ns, "the last commit that its own log tells"};
  const bool is_of_backup = is_older && restored.as_of_ns == 0;  // no server has written one since
  if (!start.is_as_of_checkpoint || is_of_backup || start.data_as_of_ns <= restored.as_of_ns) return std::nullopt;
  if (restored.as_of_ns == 0) return DataTime{};
  return DataTime{restored.as_of_ns, "the last commit that its restore replayed: its log tells none since"};
}

}  // namespace

DataTime data_time_of(const Candidate& candidate, const OpenedCandidate& opened, services::DataKind kind) {
  const engines::ScratchStart& start = opened.server->start();
  if (candidate.restored) {
    if (auto time = time_of_restored(*candidate.restored, opened, kind)) return *std::move(time);
  }
  // Where the file of an SQLite database is later than its snapshot, judging knew better.
  const bool is_copied_later = candidate.copy && candidate.copy->unit.kind == "sqlite" &&
                               candidate.data_as_of_ns != 0 && candidate.data_as_of_ns < start.data_as_of_ns;
  if (start.data_as_of_ns != 0 && !is_copied_later) return {start.data_as_of_ns, start.data_as_of_basis};
  const bool by_snapshot = candidate.copy && candidate.copy->unit.data_as_of_ns == 0;
  const std::string judged = by_snapshot ? "that of its snapshot" : "what judging found in the copy";
  return {candidate.data_as_of_ns, candidate.copy ? judged : std::string()};
}

namespace {

/// Below which folder its copy is made.
std::string scratch_for(const MakeOptions& options, const engines::UnitView& view, const engines::FoundUnit& unit,
                        const engines::UnitView* logs) {
  if (options.small_copies == MakeOptions::SmallCopies::below_scratch) return options.scratch;
  const std::uint64_t bytes = engines::count_bytes(view, unit);
  const std::uint64_t log_bytes = logs == nullptr ? 0 : engines::count_log_bytes(*logs);
  const std::uint64_t all_bytes = bytes + std::min(log_bytes, UINT64_MAX - bytes);
  return os::find_memory_folder(all_bytes).value_or(options.scratch);
}

/// The logs of all places together ended early, or are none of this copy's: those of one place alone, where they bring
/// it further. Returns what these lack all the same; empty also where nothing is better.
std::string take_better_logs(CaseOfSheets& of, const services::DataUnit& unit, engines::ScratchServerOptions& scratch,
                             const OpenOnce& open, OpenedCandidate& out) {
  if (!out.copy || !out.logs || scratch.logs == nullptr) return {};
  std::unique_lock turn(of.taking_turns);
  auto better =
      recovery::open_better_logs(of.store, unit.logs, of.prompt, {*out.copy->view, out.copy->unit}, out.logs->view());
  turn.unlock();
  if (!better.ok() || !better.value()) return {};
  scratch.logs = &better.value()->logs.view();
  auto started = open();
  if (!started.ok()) {
    scratch.logs = &out.logs->view();
    return {};
  }
  out.server = std::move(started).value();
  out.logs = std::move(better.value()->logs);
  return better.value()->lacks;
}

/// What its restore could not bring back. Once people work in it they have taken it as it is: it stays on paper, and is
/// no alarm of each hour.
void note_restored(const RestoredUnit& restored, const services::DataUnit& unit, const std::string& zone,
                   OpenedCandidate& out) {
  out.notes.push_back(fmt::format(
      "what came between its backup and its restore, which ended {}, is in it only as far as its logs were "
      "replayed{}, or somebody has entered it since",
      base::time_in_zone(restored.ended_ns, zone),
      restored.as_of_ns == 0 ? std::string() : fmt::format(" ({})", base::time_in_zone(restored.as_of_ns, zone))));
  const bool is_without_replay =
      !unit.logs.empty() && unit.kind != services::DataKind::sqlite && restored.replay == RestoredUnit::Replay::none;
  if (is_without_replay)
    out.notes.push_back(
        fmt::format("no replay of its saved logs ('{}') is known since it was restored: what was "
                    "committed after its backup may not be in it",
                    unit.logs));
  if (!restored.lacks.empty()) out.notes.push_back(restored.lacks);
  const bool is_at_work = out.at_work_ns != 0 || (!is_without_replay && !restored.is_as_made);
  if ((is_without_replay || !restored.lacks.empty()) && !is_at_work) out.lacks_logs = true;
}

}  // namespace

base::Result<OpenedCandidate> open_candidate(CaseOfSheets& of, const services::DataUnit& unit,
                                             const Candidate& candidate, const MakeOptions& options,
                                             engines::StartWatcher* watcher) {
  OpenedCandidate out;
  engines::FoundUnit found;
  std::unique_lock turn(of.taking_turns);
  LG_TRY(open_files(of, unit, candidate, out, found));
  LG_TRY(open_its_logs(of, unit, candidate, out));
  turn.unlock();
  engines::ScratchServerOptions scratch;
  scratch.start_limit_s = options.start_limit_s;
  scratch.judged = candidate.is_whole_copy() ? engines::Judged::yes : engines::Judged::no;
  scratch.watcher = watcher;
  scratch.zone = options.zone.empty() ? "+00:00" : options.zone;  // in which the head of each page tells times
  scratch.logs = out.logs ? &out.logs->view() : nullptr;
  const bool is_live = !candidate.copy && is_running(*out.live, found);
  if (is_live) out.at_work_ns = os::SystemClock().now_ns();
  if (candidate.restored) note_restored(*candidate.restored, unit, options.zone, out);
  if (is_live && found.kind == engines::UnitKind::postgresql) LG_TRY(copy_of_running(options.scratch, out, found));
  const engines::UnitView& view = out.copy ? *out.copy->view : *out.live;
  if (candidate.restored) out.last_work = engines::find_last_work(view, found);
  scratch.parent = scratch_for(options, view, found, scratch.logs);
  const bool must_hold_still = is_live && out.of_running == nullptr;
  if (must_hold_still) scratch.copy_way = engines::CopyWay::copy;  // an overlay would change under the engine
  const auto once = [&] { return options.open_server(view, found, scratch); };
  const auto open = [&] { return must_hold_still ? open_while_still(view, found, once) : once(); };
  auto started = open();
  if (!started.ok() && started.error().code == base::ErrorCode::no_space && scratch.parent != options.scratch) {
    scratch.parent = options.scratch;
    started = open();
  }
  std::string lacks;
  if (!started.ok() && !is_ours(started.error())) lacks = take_better_logs(of, unit, scratch, open, out);
  if (out.server) started = std::move(out.server);
  const bool may_do_without = !candidate.copy || !candidate.copy->needs_log();
  if (!started.ok() && scratch.logs != nullptr && may_do_without && !is_ours(started.error())) {
    // The copy alone is worth more than nothing.
    out.notes.push_back("it did not start with its logs, which are left out: " + started.error().what);
    out.lacks_logs = true;
    scratch.logs = nullptr;
    started = open();
  }
  if (!started.ok()) return std::move(started).error();
  out.server = std::move(started).value();
  if (lacks.empty() && !out.server->start().logs_end_early.empty())
    lacks = take_better_logs(of, unit, scratch, open, out);
  const std::string& own = out.server->start().logs_end_early;
  const std::string& early = own.empty() ? lacks : own;
  if (!early.empty()) {
    out.notes.push_back("NOT COMPLETE: " + early);
    out.lacks_logs = true;
  }
  return out;
}

}  // namespace lastgood::sheets
