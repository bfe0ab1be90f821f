// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/import_logs.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <unordered_set>

#include "events/event_sorter.h"
#include "ledger/read_ledger.h"
#include "os/folder.h"
#include "timeline/event_place.h"
#include "timeline/read_log.h"
#include "walk/walk_files.h"

namespace lastgood::timeline {

namespace {

constexpr std::string_view k_kind_begun = "timeline-import-begun";
constexpr std::string_view k_kind_imported = "timeline-imported";

/// Each log that was read, by its digest: its path, and whether its events are there.
struct ReadLog {
  std::string path;
  bool is_there = false;
};
using ReadLogs = std::map<std::string, ReadLog>;

base::Result<ReadLogs> find_read_logs(const std::string& case_folder) {
  LG_ASSIGN(const std::vector<std::string> files, find_event_files(case_folder));
  std::unordered_set<std::string> names;
  for (const std::string& path : files) names.insert(path.substr(path.rfind('/') + 1));
  ReadLogs logs;
  LG_ASSIGN([[maybe_unused]] const ledger::ReadLedger read,
            ledger::read_ledger(
                case_folder + "/ledger", {}, [&](const ledger::Entry& entry, std::string_view, std::uint64_t) {
                  if (entry.kind != k_kind_read) return;
                  const auto events = entry.fields.find("events");
                  const auto* count =
                      events == entry.fields.end() ? nullptr : std::get_if<std::int64_t>(&events->second);
                  const bool is_empty = count != nullptr && *count == 0;
                  ReadLog& log = logs[ledger::text_in(entry.fields, "sha256")];
                  log.path = ledger::text_in(entry.fields, "path");
                  log.is_there |= is_empty || names.contains(ledger::text_in(entry.fields, "event_file"));
                }));
  return logs;
}

/// The files below the paths, with the folder each is opened in; sorted, so that the same paths give the same file.
class FoundFiles final : public walk::FileVisitor {
 public:
  void visit_file(const walk::OpenFolder& folder, const std::string& name) override {
    const std::lock_guard lock(mutex_);
    paths_.push_back((folder.path.ends_with('/') ? folder.path : folder.path + "/") + name);
  }
  void note_trouble(const std::string& path, const base::Error& error) override {
    const std::lock_guard lock(mutex_);
    troubles_.emplace_back(path, error.what);
  }
  void note_skipped() override {}

  std::vector<std::string> sorted_paths() {
    std::sort(paths_.begin(), paths_.end());
    return std::move(paths_);
  }
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& troubles() const { return troubles_; }

 private:
  std::mutex mutex_;
  std::vector<std::string> paths_;
  std::vector<std::pair<std::string, std::string>> troubles_;
};

base::Result<os::EvidenceFile> open_log(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  LG_ASSIGN(const os::Descriptor folder, os::open_evidence_root(slash == 0 ? "/" : path.substr(0, slash)));
  return os::open_evidence_file(folder, path.substr(slash + 1), path);
}

ledger::FieldValue number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

class Importer {
 public:
  Importer(const ImportRequest& request, const std::string& case_folder, ledger::Ledger& ledger,
           const ImportWatch& watch)
      : request_(request),
        case_folder_(case_folder),
        ledger_(ledger),
        watch_(watch),
        sorter_(events_folder(case_folder)) {}

  base::Result<ImportOutcome> run() {
    LG_ASSIGN(const ReadLogs before, find_read_logs(case_folder_));
    for (const auto& [sha256, log] : before) {
      if (log.is_there) known_.insert(sha256);
    }
    LG_TRY(os::make_private_folder(events_folder(case_folder_), os::WhenThere::accept));
    LG_ASSIGN(
        const ledger::Head begun,
        ledger_.append(k_kind_begun, {{"format", std::string(request_.format == nullptr ? "" : request_.format->name)},
                                      {"host", request_.host},
                                      {"paths", request_.paths},
                                      {"zone", request_.zone_name}}));
    event_file_ = event_file_name(begun.sequence);
    FoundFiles found;
    walk::WalkRequest walk;
    walk.roots = request_.paths;
    walk.threads = 1;
    walk.skipped_folder = case_folder_;
    LG_ASSIGN(
        [[maybe_unused]] const walk::WalkEnd end,
        walk::walk_files(walk, found,
                         {.show = [](const walk::WalkTally&) {}, .cancelled = [this] { return is_cancelled(); }}));
    for (const auto& [path, why] : found.troubles()) {
      ImportedLog log;
      log.path = path;
      LG_TRY(finish_log(log, LogState::unreadable, why));
    }
    for (const std::string& path : found.sorted_paths()) {
      if (is_cancelled()) break;
      LG_TRY(import_log(path));
    }
    outcome_.cancelled = is_cancelled();
    return write_events();
  }

 private:
  bool is_cancelled() const { return watch_.cancelled && watch_.cancelled(); }

  base::Status import_log(const std::string& path) {
    ImportedLog log;
    log.path = path;
    auto opened = open_log(path);
    if (!opened.ok()) return finish_log(log, LogState::unreadable, opened.error().what);
    os::EvidenceFile& file = opened.value();
    auto look = look_at_log(file, request_, log);
    if (!look.ok()) return finish_log(log, LogState::unreadable, look.error().what);
    if (look.value().format == nullptr) return finish_log(log, LogState::not_recognised, log.why);
    if (known_.contains(log.sha256)) return finish_log(log, LogState::known, log.why);
    // What fails while events are kept is ours; what fails while the log is read is the log's.
    std::optional<base::Error> our_error;
    const base::Status parsed = parse_log(
        file, look.value(), log,
        [&](model::Event&& event) -> base::Status {
          base::Status added = sorter_.add(event);
          if (!added.ok()) our_error = added.error();
          return added;
        },
        watch_.cancelled);
    if (our_error) return std::move(*our_error);
    if (is_cancelled()) return base::Done{};
    if (!parsed.ok()) {
      // The events before that place stay: they were read.
      log.why = fmt::format("read in part: {}", parsed.error().what);
      ++in_part_;
    }
    known_.insert(log.sha256);
    return finish_log(log, LogState::imported, log.why);
  }

  base::Status finish_log(ImportedLog& log, LogState state, const std::string& why) {
    log.state = state;
    log.why = why;
    std::uint64_t& counter = state == LogState::imported         ? outcome_.imported
                             : state == LogState::known          ? outcome_.known
                             : state == LogState::not_recognised ? outcome_.not_recognised
                                                                 : outcome_.unreadable;
    ++counter;
    if (state == LogState::imported) LG_TRY(record(log));
    if (watch_.show) watch_.show(log);
    return base::Done{};
  }

  base::Status record(const ImportedLog& log) {
    ledger::Fields fields = {{"bad_times", number(log.bad_times)},
                             {"bytes", number(log.bytes)},
                             {"cut_lines", number(log.cut_lines)},
                             {"event_file", event_file_},
                             {"events", number(log.events)},
                             {"format", log.format},
                             {"lines", number(log.lines)},
                             {"not_understood", number(log.not_understood)},
                             {"path", log.path},
                             {"sha256", log.sha256},
                             {"why", log.why}};
    if (log.assumed_year) fields["assumed_year"] = std::int64_t{*log.assumed_year};
    if (!log.first_not_understood.empty()) fields["first_not_understood"] = number(log.first_not_understood.front());
    if (!log.first_bad_times.empty()) fields["first_bad_time"] = number(log.first_bad_times.front());
    LG_TRY(ledger_.append(k_kind_read, fields));
    return base::Done{};
  }

  base::Result<ImportOutcome> write_events() {
    if (outcome_.cancelled || sorter_.events() == 0) return outcome_;
    LG_ASSIGN(const auto stream, sorter_.finish());
    LG_ASSIGN(events::EventFileWriter writer,
              events::begin_event_file(events_folder(case_folder_) + "/" + event_file_));
    while (true) {
      LG_ASSIGN(const bool any, stream->next());
      if (!any) break;
      LG_TRY(writer.add(stream->current()));
    }
    LG_ASSIGN(outcome_.counts, writer.commit());
    outcome_.event_file = event_file_;
    LG_TRY(ledger_.append(k_kind_imported, {{"bytes", number(outcome_.counts.bytes)},
                                            {"event_file", event_file_},
                                            {"events", number(outcome_.counts.events)},
                                            {"logs", number(outcome_.imported)},
                                            {"logs_in_part", number(in_part_)},
                                            {"not_recognised", number(outcome_.not_recognised)},
                                            {"sha256", outcome_.counts.sha256},
                                            {"unreadable", number(outcome_.unreadable)}}));
    return outcome_;
  }

  const ImportRequest& request_;
  const std::string& case_folder_;
  ledger::Ledger& ledger_;
  const ImportWatch& watch_;
  events::EventSorter sorter_;
  std::unordered_set<std::string> known_;
  std::string event_file_;
  std::uint64_t in_part_ = 0;
  ImportOutcome outcome_;
};

}  // namespace

std::string_view name_of(LogState state) {
  switch (state) {
    case LogState::imported: return "imported";
    case LogState::known: return "known";
    case LogState::not_recognised: return "not_recognised";
    case LogState::unreadable: return "unreadable";
  }
  return "unreadable";
}

base::Result<std::vector<std::string>> find_lost_logs(const std::string& case_folder) {
  LG_ASSIGN(const ReadLogs logs, find_read_logs(case_folder));
  std::vector<std::string> lost;
  for (const auto& [sha256, log] : logs) {
    if (!log.is_there) lost.push_back(log.path);
  }
  std::sort(lost.begin(), lost.end());
  return lost;
}

base::Result<ImportOutcome> import_logs(const ImportRequest& request, const std::string& case_folder,
                                        ledger::Ledger& ledger, const ImportWatch& watch) {
  return Importer(request, case_folder, ledger, watch).run();
}

}  // namespace lastgood::timeline
