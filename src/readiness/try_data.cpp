// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/try_data.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "base/local_time.h"
#include "engines/log_end.h"
#include "engines/start_scratch.h"
#include "engines/unit_listing.h"
#include "readiness/copy_name.h"
#include "readiness/planted_settings.h"
#include "recovery/measured_logs.h"
#include "recovery/unit_copies.h"

namespace lastgood::readiness {

namespace {

using recovery::UnitCopy;

constexpr std::size_t k_copies_tried = 3;
constexpr std::size_t k_complaints_kept = 20;

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begun) { return std::chrono::duration<double>(Clock::now() - begun).count(); }

std::string told_name(const UnitCopy& copy) { return copy_name(copy.source.name, copy.snapshot.id); }

/// "the copy in 'nas 3fa1c2d0', data as of 2022-11-23 07:06:58 +05:30"
std::string describe(const UnitCopy& copy, const std::string& zone) {
  return fmt::format("the copy in '{}', data as of {}", told_name(copy), base::time_in_zone(copy.data_as_of_ns, zone));
}

void set_copy(services::DataTrial& trial, const UnitCopy& copy) {
  trial.source = copy.source.name;
  trial.snapshot = copy.snapshot.id;
  trial.snapshot_ns = copy.snapshot.time_ns;
  trial.data_as_of_ns = copy.data_as_of_ns;
  trial.bytes = copy.unit.bytes;
  trial.files = copy.unit.files;
}

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of(" \r\n");
  if (end == std::string::npos) return "it said nothing";
  const std::size_t begin = text.rfind('\n', end);
  return text.substr(begin == std::string::npos ? 0 : begin + 1,
                     end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

/// Kinds that have no engine to start: their structure is read as a whole.
base::Result<engines::ScratchReport> read_whole(const recovery::OpenedCopy& opened) {
  LG_ASSIGN(const engines::UnitReport checked, engines::check_unit(*opened.view, opened.unit, model::Depth::full));
  engines::ScratchReport report;
  report.outcome = engines::is_usable(checked.verdict) ? engines::ScratchReport::Outcome::sound
                                                       : engines::ScratchReport::Outcome::not_started;
  if (!engines::is_usable(checked.verdict)) report.last_words = std::string(engines::name_of(checked.verdict));
  for (const engines::UnitFinding& finding : checked.findings) {
    if (finding.finding.weight == model::Weight::contradicts)
      report.complaints.push_back(finding.path + ": " + finding.finding.sentence);
  }
  return report;
}

/// What says that a copy works.
enum class Basis : std::uint8_t { own_checks, answers };

void take_report(services::DataTrial& trial, const engines::ScratchReport& report, const std::string& copy,
                 Basis basis) {
  using Outcome = engines::ScratchReport::Outcome;
  const bool is_started = trial.proof == services::Proof::started;
  const char* works = trial.kind == "sqlite" ? "SQLite opened"
                      : is_started           ? "its engine started on"
                                             : "its structure holds in";
  const char* fails = is_started ? "its engine does not start on" : "its structure does not hold in";
  trial.complaints.assign(
      report.complaints.begin(),
      report.complaints.begin() + static_cast<std::ptrdiff_t>(std::min(report.complaints.size(), k_complaints_kept)));
  const std::string emptied = engines::describe_emptied(report.emptied);
  const std::string remark = emptied.empty() ? emptied : "; " + emptied;
  switch (report.outcome) {
    case Outcome::sound:
      trial.outcome = services::TrialOutcome::passed;
      trial.sentence =
          fmt::format("{} {}, and {}{}", works, copy,
                      basis == Basis::answers ? "answers; no table refused to" : "found nothing wrong", remark);
      return;
    case Outcome::complaints:
      trial.outcome = services::TrialOutcome::complaints;
      trial.sentence =
          fmt::format("{} {}, and complained {} time{}, first: {}{}", works, copy, report.complaints.size(),
                      report.complaints.size() == 1 ? "" : "s",
                      report.complaints.empty() ? std::string("nothing") : report.complaints.front(), remark);
      return;
    case Outcome::not_started:
      trial.outcome = services::TrialOutcome::failed;
      trial.sentence = fmt::format("{} {}: {}", fails, copy, last_line(report.last_words));
      return;
  }
}

/// What a scratch server's start says of the copy: it came up, and which tables do not answer.
base::Result<engines::ScratchReport> report_of(const base::Result<engines::ScratchStart>& start) {
  engines::ScratchReport report;
  if (start.ok()) {
    report.complaints = start.value().unusable;
    report.emptied = start.value().emptied;
    report.outcome = report.complaints.empty() ? engines::ScratchReport::Outcome::sound
                                               : engines::ScratchReport::Outcome::complaints;
    return report;
  }
  const base::Error& error = start.error();
  if (error.code != base::ErrorCode::damaged_source) return error;
  report.last_words = error.hint.empty() ? error.what : error.hint;
  return report;
}

/// Where a restore would come to, which reads all of them.
base::Result<engines::LogEnd> read_logs(TrialRun& run, const services::DataUnit& data, const engines::UnitView& logs,
                                        const recovery::OpenedCopy& opened, const services::DataTrial& trial) {
  const engines::LogReading reading{
      .depth = engines::LogDepth::everything, .until_ns = {}, .is_cancelled = [&] { return run.progress.cancelled(); }};
  run.progress.step(
      fmt::format("{}: {}", trial.service, recovery::describe_reading(logs, data.logs, trial.data_as_of_ns)));
  LG_ASSIGN(engines::LogEnd end,
            engines::find_log_end(logs, *opened.view, opened.unit, run.request.scratch_folder, reading));
  if (!end.ends_early || opened.logs) return end;
  std::unique_lock turn(run.taking_turns);
  auto all = recovery::open_log_sources(run.store, data.logs, run.prompt);
  turn.unlock();
  if (!all.ok()) return end;
  auto better = recovery::find_better_alone(all.value().sources, all.value().places, all.value().verdicts,
                                            {*opened.view, opened.unit}, reading, logs, end);
  return better ? std::move(better->end) : std::move(end);
}

void say_reach(TrialRun& run, const services::DataUnit& data, const engines::UnitView& logs,
               const recovery::OpenedCopy& opened, services::DataTrial& trial) {
  const auto read = read_logs(run, data, logs, opened, trial);
  if (!read.ok()) {
    trial.sentence += fmt::format("; its logs: {}", read.error().what);
    return;
  }
  const engines::LogEnd& end = read.value();
  trial.logs_reach_ns = end.last_commit_ns;
  if (end.files > 0 && trial.logs_reach_ns != 0)
    trial.sentence +=
        fmt::format("; its {} reach{} to {}", base::counted(end.files, "saved log file"), end.files == 1 ? "es" : "",
                    base::time_in_zone(trial.logs_reach_ns, run.request.zone));
  if (end.ends_early) trial.logs_lack = end.missing;
  if (!end.missing.empty())
    trial.sentence += fmt::format("; of its saved logs {}{}", end.ends_early ? "NOT ALL COME BACK: " : "", end.missing);
}

/// How far its saved logs would bring it, which a restore does.
void look_at_logs(TrialRun& run, const services::DataUnit& data, const recovery::OpenedCopy& opened,
                  services::DataTrial& trial) {
  if (data.logs.empty()) return;
  if (opened.logs) {
    trial.sentence +=
        fmt::format("; it needs its log, and was started with the saved ones in '{}'", opened.logs->place());
    say_reach(run, data, opened.logs->view(), opened, trial);
    return;
  }
  std::unique_lock turn(run.taking_turns);
  const recovery::LogUser copy{*opened.view, opened.unit};
  const auto logs = recovery::open_logs(run.store, data.logs, run.prompt, &copy);
  turn.unlock();
  if (!logs.ok()) {
    trial.sentence += fmt::format("; its logs: {}", logs.error().what);
    return;
  }
  const recovery::FoundLogs& found = logs.value();
  if (found.logs) say_reach(run, data, found.logs->view(), opened, trial);
  if (!found.logs) trial.logs_lack = found.not_opened.empty() ? "no source has its logs" : "its logs were not found";
  if (!found.logs) trial.sentence += "; " + trial.logs_lack;
  if (found.not_opened.empty()) return;
  const std::string absent = "saved logs are not there: " + found.not_opened;
  trial.sentence += "; " + absent;
  trial.logs_lack += (trial.logs_lack.empty() ? "" : "; ") + absent;
}

bool is_server(engines::UnitKind kind) {
  return kind == engines::UnitKind::postgresql || kind == engines::UnitKind::mariadb;
}

bool is_asked_by_sheets(const TrialRun& run, const services::Service& service, const services::DataUnit& data) {
  return run.request.sheet_trials != nullptr &&
         std::any_of(service.sheets.begin(), service.sheets.end(),
                     [&](const services::Sheet& sheet) { return sheet.data == data.name; });
}

/// Tells of one unit's engine.
class Waiting final : public engines::StartWatcher {
 public:
  Waiting(CheckProgress& progress, std::string what) : progress_(progress), what_(std::move(what)) {}
  void on_wait(const engines::StartWait& wait) override { progress_.waiting(what_, wait); }
  [[nodiscard]] bool cancelled() const override { return progress_.cancelled(); }

 private:
  CheckProgress& progress_;
  std::string what_;
};

/// Kept for the sheets until the copy is known to work.
base::Result<engines::ScratchReport> start_copy(TrialRun& run, const services::Service& service,
                                                const services::DataUnit& data, const UnitCopy& copy,
                                                const recovery::OpenedCopy& opened,
                                                std::vector<services::SheetTrial>& sheets) {
  const engines::UnitKind kind = opened.unit.kind;
  Waiting waiting(run.progress, fmt::format("{}: {} from {}", service.id, data.name, told_name(copy)));
  if (is_asked_by_sheets(run, service, data)) {
    TriedSheets tried = run.request.sheet_trials->try_sheets(service, data, copy, opened, waiting);
    sheets = std::move(tried.sheets);
    // One start is enough: the server that answered the sheets is the proof.
    if (is_server(kind)) return report_of(tried.start);
  }
  if (is_server(kind) || kind == engines::UnitKind::sqlite)
    return engines::start_scratch(*opened.view, opened.unit,
                                  {.parent = run.request.scratch_folder,
                                   .time_limit_s = run.request.time_limit_s,
                                   .watcher = &waiting,
                                   .logs = opened.logs ? &opened.logs->view() : nullptr});
  return read_whole(opened);
}

/// A copy that was tried; `goes_on`: nothing is known of it, and an older one may do.
struct TriedCopy {
  services::DataTrial trial;
  bool goes_on = false;
};

/// The copy itself went away, or its engine hung: neither says that it is bad.
void take_back(TriedCopy& tried, std::string sentence) {
  tried.trial.outcome = services::TrialOutcome::not_tried;
  tried.trial.proof = services::Proof::none;
  tried.trial.complaints.clear();
  tried.trial.sentence = std::move(sentence);
  tried.goes_on = true;
}

/// Nothing is known of the copy, or too little.
void take_error(services::DataTrial& trial, const base::Error& error, const std::string& described, int time_limit_s) {
  constexpr std::array k_ours = {base::ErrorCode::unsupported, base::ErrorCode::no_space, base::ErrorCode::denied,
                                 base::ErrorCode::limit_reached, base::ErrorCode::cancelled};
  const bool is_ours = std::find(k_ours.begin(), k_ours.end(), error.code) != k_ours.end();
  trial.proof = services::Proof::none;
  trial.outcome = is_ours ? services::TrialOutcome::not_tried : services::TrialOutcome::failed;
  if (error.code == base::ErrorCode::limit_reached) {
    trial.sentence = fmt::format("{} was not tried to its end: {}", described, error.what);
    if (!error.hint.empty()) trial.sentence += "; it said last: " + last_line(error.hint);
    if (trial.seconds >= time_limit_s) trial.sentence += "; --time-limit gives it more";
    return;
  }
  trial.sentence = fmt::format("{} was not tried: {}", described, error.what);
  if (!error.hint.empty()) trial.sentence += fmt::format(" ({})", error.hint);
}

/// A source that is not there, or that nobody lets us read, says nothing of what is in it.
bool is_out_of_reach(base::ErrorCode code) {
  return code == base::ErrorCode::not_found || code == base::ErrorCode::denied || code == base::ErrorCode::io;
}

/// Looks again, with eyes that have seen nothing of it yet.
std::string find_gone(TrialRun& run, const UnitCopy& copy, const std::vector<std::string>& listed) {
  const std::unique_lock turn(run.taking_turns);
  const auto again = recovery::open_unit_copy(run.store, copy, run.prompt);
  if (!again.ok()) return again.error().what;
  return engines::describe_gone(listed, engines::list_unit(*again.value().view, again.value().unit));
}

/// The copy was started without them; the service would not be.
void say_settings(const services::DataUnit& data, const recovery::OpenedCopy& opened, services::DataTrial& trial) {
  const std::string settings = describe_settings(*opened.view, opened.unit, data);
  if (!settings.empty())
    trial.sentence += fmt::format(
        "; settings in it name programs or libraries ({}): 'services start' does not start it before a person has read "
        "them, or 'replay' has made them comments",
        settings);
}

TriedCopy try_copy(TrialRun& run, const services::Service& service, const services::DataUnit& data,
                   const UnitCopy& copy, std::vector<services::SheetTrial>& sheets) {
  TriedCopy tried{.trial = begin_trial(service, data)};
  services::DataTrial& trial = tried.trial;
  set_copy(trial, copy);
  const std::string described = describe(copy, run.request.zone);
  const auto begun = Clock::now();
  std::unique_lock turn(run.taking_turns);
  auto opened = recovery::open_unit_copy(run.store, copy, run.prompt);
  if (opened.ok() && copy.needs_log()) {
    auto logs =
        recovery::open_completing_logs(run.store, data.logs, run.prompt, *opened.value().view, opened.value().unit);
    if (logs.ok())
      opened.value().logs = std::move(logs).value();
    else
      opened = logs.error();
  }
  turn.unlock();
  if (!opened.ok()) {
    trial.outcome = services::TrialOutcome::failed;
    trial.sentence =
        fmt::format("{} cannot be {}: {}", described, copy.needs_log() ? "used" : "opened", opened.error().what);
    trial.seconds = seconds_since(begun);
    if (is_out_of_reach(opened.error().code)) take_back(tried, trial.sentence);
    return tried;
  }
  // Others than folders keep their listings, and say themselves what cannot be read.
  std::vector<std::string> listed;
  if (copy.source.format == "folder") listed = engines::list_unit(*opened.value().view, opened.value().unit);
  if (trial.bytes == 0) trial.bytes = engines::count_bytes(*opened.value().view, opened.value().unit);
  const engines::UnitKind kind = opened.value().unit.kind;
  const bool has_engine = is_server(kind) || kind == engines::UnitKind::sqlite;
  const Basis basis = is_server(kind) && is_asked_by_sheets(run, service, data) ? Basis::answers : Basis::own_checks;
  trial.proof = has_engine ? services::Proof::started : services::Proof::checked;
  std::vector<services::SheetTrial> made;
  auto report = start_copy(run, service, data, copy, opened.value(), made);
  if (!report.ok() && report.error().code == base::ErrorCode::no_space) {
    // The others' copies may have taken the room.
    run.side_by_side.wait_until_alone();
    report = start_copy(run, service, data, copy, opened.value(), made);
  }
  trial.seconds = seconds_since(begun);
  const bool says_nothing =
      !report.ok() && (report.error().code == base::ErrorCode::limit_reached || is_out_of_reach(report.error().code));
  if (report.ok()) {
    take_report(trial, report.value(), described, basis);
    look_at_logs(run, data, opened.value(), trial);
    if (is_server(kind)) say_settings(data, opened.value(), trial);
  } else {
    take_error(trial, report.error(), described, run.request.time_limit_s);
  }
  if (says_nothing) take_back(tried, trial.sentence);
  const bool is_in_doubt = trial.outcome != services::TrialOutcome::passed && !listed.empty();
  const std::string gone = is_in_doubt ? find_gone(run, copy, listed) : std::string();
  if (!gone.empty()) take_back(tried, fmt::format("{} could not be read to the end: {}", described, gone));
  const bool works =
      trial.outcome == services::TrialOutcome::passed || trial.outcome == services::TrialOutcome::complaints;
  if (works) sheets.insert(sheets.end(), made.begin(), made.end());
  return tried;
}

/// "none of the 3 copies can be used: encrypted: base/16384: ... (nas 3fa1c2d0); torn: ... (usb 11)"
services::DataTrial none_usable(TrialRun& run, services::DataTrial trial, const std::vector<UnitCopy>& copies) {
  trial.outcome = services::TrialOutcome::no_copy;
  if (copies.empty()) {
    const std::unique_lock turn(run.taking_turns);
    // A mail store may be a folder of files like any other, which is looked at next.
    const auto instead = trial.kind == services::name_of(services::DataKind::maildir)
                             ? base::Result<std::string>(std::string())
                             : recovery::describe_instead_of_unit(run.store, trial.path, trial.kind, run.prompt);
    trial.sentence = fmt::format("no judged source has a {} at '{}': {}", trial.kind, base::printable(trial.path),
                                 instead.ok() && !instead.value().empty()
                                     ? instead.value()
                                     : std::string("add its backup with 'backups add', then 'backups judge'"));
    return trial;
  }
  trial.sentence = copies.size() == 1 ? std::string("its only copy cannot be used:")
                                      : fmt::format("none of the {} copies can be used:", copies.size());
  for (std::size_t i = 0; i < std::min(copies.size(), k_copies_tried); ++i)
    trial.sentence +=
        fmt::format("{} {} ({})", i == 0 ? "" : ";", recovery::describe_state(copies[i].unit), told_name(copies[i]));
  return trial;
}

/// Where each table could be opened: which rows were asked for on top of that.
std::string what_sheets_saw(const std::vector<services::SheetTrial>& sheets) {
  const auto failed = std::count_if(sheets.begin(), sheets.end(), [](const services::SheetTrial& one) {
    return one.outcome != services::TrialOutcome::passed;
  });
  if (failed == 0) return "each table of it can be opened; rows were read where sheets ask, and nowhere else";
  return fmt::format(
      "each table of it can be opened, but {} of {} failed over what is in them: see below; rows that no sheet "
      "asks for were not read",
      failed, base::counted(sheets.size(), "sheet"));
}

/// The whole tables of a damaged copy, for sheets; nothing is restored from it, so the outcome stays.
void try_in_part(TrialRun& run, const services::Service& service, const services::DataUnit& data, const UnitCopy& copy,
                 services::DataTrial& trial, std::vector<services::SheetTrial>& sheets) {
  run.progress.step(fmt::format("{}: trying what is left of {} from {}", service.id, data.name, told_name(copy)));
  std::unique_lock turn(run.taking_turns);
  const auto opened = recovery::open_unit_copy(run.store, copy, run.prompt);
  turn.unlock();
  const std::string described = describe(copy, run.request.zone);
  if (!opened.ok()) {
    trial.sentence += fmt::format("; {} cannot be opened: {}", described, opened.error().what);
    return;
  }
  Waiting waiting(run.progress, fmt::format("{}: {} from {}", service.id, data.name, told_name(copy)));
  TriedSheets tried = run.request.sheet_trials->try_sheets(service, data, copy, opened.value(), waiting);
  if (!tried.start.ok()) {
    trial.sentence += fmt::format("; of {} nothing answers: {}", described, tried.start.error().what);
    return;
  }
  const engines::ScratchStart& start = tried.start.value();
  trial.sentence += fmt::format("; sheets can be made from whole tables of {}, a damaged copy; {}", described,
                                start.unusable.empty() ? what_sheets_saw(tried.sheets) : describe_unusable(start));
  if (!start.emptied.empty()) trial.sentence += "; " + engines::describe_emptied(start.emptied);
  trial.complaints.assign(
      start.unusable.begin(),
      start.unusable.begin() + static_cast<std::ptrdiff_t>(std::min(start.unusable.size(), k_complaints_kept)));
  sheets = std::move(tried.sheets);
}

}  // namespace

services::DataTrial begin_trial(const services::Service& service, const services::DataUnit& data) {
  services::DataTrial out;
  out.service = service.id;
  out.data = data.name;
  out.kind = std::string(services::name_of(data.kind));
  out.path = data.path;
  return out;
}

services::DataTrial try_database(TrialRun& run, const services::Service& service, const services::DataUnit& data,
                                 std::vector<services::SheetTrial>& sheets) {
  services::DataTrial trial = begin_trial(service, data);
  std::unique_lock turn(run.taking_turns);
  const auto found = recovery::find_unit_copies(run.store, data.path);
  turn.unlock();
  if (!found.ok()) {
    trial.outcome = services::TrialOutcome::failed;
    trial.sentence = fmt::format("its copies cannot be looked up: {}", found.error().what);
    return trial;
  }
  std::string before;
  std::size_t tried = 0;
  std::size_t without_log = 0;
  for (const UnitCopy& copy : found.value()) {
    const bool needs_log = copy.needs_log() && !data.logs.empty() && without_log < k_copies_tried;
    if ((!copy.is_usable() && !needs_log) || copy.unit.kind != trial.kind) continue;
    if (tried++ == k_copies_tried || run.progress.cancelled()) break;
    run.progress.step(fmt::format("{}: trying {} from {}", service.id, data.name, told_name(copy)));
    TriedCopy one = try_copy(run, service, data, copy, sheets);
    trial = std::move(one.trial);
    trial.sentence = before + trial.sentence;
    const std::string passed_over =
        recovery::describe_passed_over(found.value(), trial.kind, copy.data_as_of_ns, run.request.zone);
    if (!passed_over.empty()) trial.sentence += "; " + passed_over;
    if (trial.outcome != services::TrialOutcome::failed && !one.goes_on) return trial;
    // Where no saved log fits, an older copy has its turn all the same.
    if (needs_log && trial.proof == services::Proof::none) {
      ++without_log;
      --tried;
    }
    before = trial.sentence + "; ";
  }
  if (found.value().empty() && data.kind == services::DataKind::sqlite) {
    services::DataTrial as_file = try_files(run, service, data);
    if (as_file.outcome == services::TrialOutcome::passed) return as_file;
  }
  if (tried + without_log == 0) trial = none_usable(run, std::move(trial), found.value());
  if (!is_asked_by_sheets(run, service, data) || run.progress.cancelled()) return trial;
  const auto damaged = std::find_if(found.value().begin(), found.value().end(), [&](const UnitCopy& copy) {
    return copy.may_answer_in_part() && copy.unit.kind == trial.kind;
  });
  if (damaged != found.value().end()) try_in_part(run, service, data, *damaged, trial, sheets);
  return trial;
}

}  // namespace lastgood::readiness
