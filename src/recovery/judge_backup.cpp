// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/judge_backup.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "campaigns/apply_campaigns.h"
#include "casefile/sampling_seed.h"
#include "os/clock.h"
#include "recovery/case_sources.h"
#include "recovery/count_snapshots.h"
#include "recovery/emptied_source.h"
#include "recovery/judge_contents.h"
#include "recovery/judge_units.h"
#include "recovery/names_zone.h"
#include "recovery/series_oddities.h"
#include "recovery/unit_copies.h"
#include "sources/name_time.h"

namespace lastgood::recovery {

namespace {

using base::Result;
using base::Status;

/// Contents that have a verdict already. What one source could not read another may hold whole: it is tried again.
Result<std::vector<std::string>> read_known_keys(casefile::CaseStore& store) {
  std::vector<std::string> keys;  // comes sorted
  LG_TRY(store.backups().visit_contents([&](const model::ContentVerdict& content) {
    if (content.verdict != model::Verdict::unreadable) keys.push_back(content.key);
    return true;
  }));
  return keys;
}

Result<Verdicts> read_verdicts(casefile::CaseStore& store, const TreeIndex& index) {
  Verdicts verdicts(index.content_count());
  LG_TRY(store.backups().visit_contents([&](const model::ContentVerdict& content) {
    const std::uint32_t number = index.find_content(content.key);
    if (number != TreeIndex::k_none) verdicts[number] = content.verdict;
    return true;
  }));
  return verdicts;
}

/// Judging that was interrupted goes on in its own scan, so that in the end all its contents are compared with each
/// other. 0: none was.
Result<std::int64_t> find_interrupted(const std::string& source, casefile::CaseStore& store) {
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  std::int64_t found = 0;
  for (const model::Scan& scan : scans) {
    if (scan.source == source && scan.finished_ns == 0) found = scan.id;
  }
  return found;
}

/// Files of one run of judging stand in the case as "/SOURCE/SNAPSHOT/PATH", under the snapshot they were seen in
/// first.
Result<std::int64_t> begin(const JudgeRequest& request, std::size_t contents, casefile::CaseStore& store,
                           ledger::Ledger& ledger) {
  LG_TRY(ledger.append("judging-begun", {{"contents", static_cast<std::int64_t>(contents)},
                                         {"depth", std::string(model::name_of(request.depth))},
                                         {"source", request.source.name}}));
  LG_ASSIGN(const std::int64_t interrupted, find_interrupted(request.source.name, store));
  if (interrupted != 0) return interrupted;
  model::Scan scan;
  scan.host = request.source.name;
  scan.source = request.source.name;
  scan.roots = {"/" + request.source.name};
  scan.depth = request.depth;
  scan.options = request.source.address;
  scan.started_ns = os::SystemClock().now_ns();
  return store.begin_scan(scan);
}

Status finish(casefile::CaseStore& store, ledger::Ledger& ledger, std::int64_t scan_id, const JudgeOutcome& outcome) {
  LG_ASSIGN(model::ScanCounts counts, store.count_files(scan_id));
  counts.bytes_read = outcome.bytes_read;
  ledger::Fields fields = {{"campaigns", static_cast<std::int64_t>(outcome.campaigns.size())},
                           {"contents", static_cast<std::int64_t>(counts.files)},
                           {"scan", scan_id}};
  for (int i = 0; i < model::k_verdict_count; ++i) {
    fields[std::string(model::name_of(static_cast<model::Verdict>(i)))] =
        static_cast<std::int64_t>(counts.files_by_verdict.at(static_cast<std::size_t>(i)));
  }
  LG_TRY(ledger.append("judging-finished", fields));
  return store.finish_scan(scan_id, os::SystemClock().now_ns(), counts);
}

std::vector<model::JudgedSnapshot> summarise(const TreeIndex& index, const Verdicts& verdicts,
                                             std::vector<model::Snapshot> snapshots, std::string_view names_in) {
  std::vector<SnapshotCounts> counts = count_snapshots(index, verdicts, snapshots.size());
  std::vector<model::JudgedSnapshot> out(snapshots.size());
  for (std::size_t i = 0; i < snapshots.size(); ++i) {
    std::uint32_t before = TreeIndex::k_none;
    for (std::size_t j = i; j-- > 0 && before == TreeIndex::k_none;) {
      if (is_same_series(snapshots[j], snapshots[i])) before = index.root(j);
    }
    const SnapshotChanges changes = count_changes(index, before, index.root(i));
    out[i].counts = counts[i].counts;
    out[i].open = counts[i].open;
    out[i].added = changes.added;
    out[i].changed = changes.changed;
    out[i].removed = changes.removed;
  }
  for (std::size_t i = 0; i < snapshots.size(); ++i) out[i].snapshot = std::move(snapshots[i]);
  for (const auto& [snapshot, finding] : index.findings()) out[snapshot].snapshot.findings.push_back(finding);
  sort_by_time(out);  // what the days leave open may put them in another order
  find_oddities(out, os::SystemClock().now_ns(), names_in);
  return out;
}

/// What is new in the snapshots, with the places by which the case will know it.
struct Waiting {
  std::vector<PendingContent> contents;
  std::vector<std::string> labels;
};

/// Of each snapshot that its name dates by a day alone, the newest file of that day. Several threads.
class NewestOfDays {
 public:
  NewestOfDays(std::span<const model::Snapshot> snapshots, std::string_view names_in) : newest_ns_(snapshots.size()) {
    for (const model::Snapshot& snapshot : snapshots) days_.push_back(sources::find_open_day(snapshot, names_in));
  }
  void see(std::uint32_t snapshot, const sources::Folder& folder) {
    const auto& day = days_[snapshot];
    if (!day) return;
    std::int64_t found_ns = 0;
    for (const model::TreeEntry& entry : folder.entries) {
      const bool is_of_day =
          entry.kind == model::EntryKind::regular && entry.mtime_ns >= day->from_ns && entry.mtime_ns < day->to_ns;
      if (is_of_day) found_ns = std::max(found_ns, entry.mtime_ns);
    }
    const std::lock_guard lock(mutex_);
    newest_ns_[snapshot] = std::max(newest_ns_[snapshot], found_ns);
  }
  [[nodiscard]] const std::vector<std::int64_t>& newest_ns() const { return newest_ns_; }

 private:
  std::vector<std::optional<sources::OpenDay>> days_;
  std::mutex mutex_;
  std::vector<std::int64_t> newest_ns_;  // 0: none
};

Result<TreeIndex> index_source(const JudgeRequest& request, sources::Source& source,
                               std::span<const model::Snapshot> snapshots, casefile::CaseStore& store, Waiting& waiting,
                               NewestOfDays& newest, JudgeProgress& progress) {
  std::vector<std::string> known;
  if (request.what == JudgeWhat::all) {
    LG_ASSIGN(known, read_known_keys(store));
  }
  waiting.labels = label_snapshots(snapshots);
  IndexSinks sinks;
  sinks.units = [&](std::uint32_t snapshot, const std::string& path, const sources::Folder& folder) {
    newest.see(snapshot, folder);
    return find_folder_units(source, snapshots[snapshot], path, folder);
  };
  sinks.content = [&](const FirstSight& sight) {
    if (request.what == JudgeWhat::units) return;
    if (std::binary_search(known.begin(), known.end(), sight.entry->content.key)) return;
    waiting.contents.push_back({.content = sight.entry->content,
                                .position = source.position_of(sight.entry->content),
                                .path = fmt::format("/{}/{}{}/{}", request.source.name, waiting.labels[sight.snapshot],
                                                    *sight.folder, sight.entry->name),
                                .mtime_ns = sight.entry->mtime_ns,
                                .ctime_ns = sight.entry->ctime_ns});
  };
  return read_tree_index(source, snapshots, sinks, progress);
}

/// Those that wait, and what they share. Not outcome.finished afterwards: cancelled.
Status judge_waiting(const JudgeRequest& request, sources::Source& source, Waiting waiting, casefile::CaseStore& store,
                     ledger::Ledger& ledger, JudgeProgress& progress, JudgeOutcome& outcome) {
  outcome.judged = waiting.contents.size();
  LG_ASSIGN(const std::int64_t interrupted, find_interrupted(request.source.name, store));
  if (waiting.contents.empty() && interrupted == 0) return base::Done{};
  LG_ASSIGN(const std::uint64_t seed, casefile::sampling_seed(store));
  LG_ASSIGN(const std::int64_t scan_id, begin(request, waiting.contents.size(), store, ledger));
  casefile::Recorder recorder(store, scan_id);
  LG_ASSIGN(const JudgeEnd end,
            judge_contents(std::move(waiting.contents), source, {.depth = request.depth, .seed = seed}, request.threads,
                           recorder, progress));
  outcome.bytes_read = recorder.tally().bytes_read;
  outcome.finished = end == JudgeEnd::complete;
  if (!outcome.finished) return base::Done{};

  // Beyond this point nothing is read again: what contents share decides what one alone could not.
  progress.step("looking for what the suspicious contents share");
  LG_ASSIGN(outcome.campaigns, campaigns::decide_by_campaigns(store, scan_id));
  return finish(store, ledger, scan_id, outcome);
}

/// Of the databases in snapshots that are still there: what an earlier run found in them, which one that was
/// interrupted did not come to.
Result<std::vector<model::JudgedUnit>> find_known_units(casefile::CaseStore& store, const std::string& source,
                                                        std::span<const model::Snapshot> snapshots) {
  LG_ASSIGN(std::vector<model::JudgedUnit> units, store.backups().units(source));
  std::erase_if(units, [&](const model::JudgedUnit& unit) {
    return std::none_of(snapshots.begin(), snapshots.end(),
                        [&](const model::Snapshot& snapshot) { return snapshot.id == unit.snapshot; });
  });
  return units;
}

Status tell_units(const JudgeRequest& request, const JudgeOutcome& outcome, ledger::Ledger& ledger) {
  const auto usable = std::count_if(outcome.units.begin(), outcome.units.end(),
                                    [](const model::JudgedUnit& unit) { return is_usable(unit); });
  const auto entry = ledger.append("databases-judged", {{"source", request.source.name},
                                                        {"units", static_cast<std::int64_t>(outcome.units.size())},
                                                        {"usable", static_cast<std::int64_t>(usable)}});
  return entry.ok() ? Status(base::Done{}) : Status(entry.error());
}

}  // namespace

Result<JudgeOutcome> judge_backup(const JudgeRequest& request, sources::Source& source, casefile::CaseStore& store,
                                  ledger::Ledger& ledger, JudgeProgress& progress) {
  const auto started = std::chrono::steady_clock::now();
  JudgeOutcome outcome{.what = request.what};
  LG_ASSIGN(std::vector<model::Snapshot> snapshots, source.snapshots());
  LG_TRY(check_not_empty(store, request.source, snapshots));
  // What is recorded at the end takes the place of what was seen before.
  LG_ASSIGN(const std::string newest_gone, describe_newest_gone(store, request.source, snapshots));

  // Each different folder is read once; what is in it and has no verdict yet waits.
  Waiting waiting;
  LG_ASSIGN(const std::string names_in, read_names_zone(store, request.source.name));
  NewestOfDays newest(snapshots, names_in);
  LG_ASSIGN(const TreeIndex index, index_source(request, source, snapshots, store, waiting, newest, progress));
  for (std::size_t i = 0; i < snapshots.size(); ++i) sources::narrow_day(snapshots[i], newest.newest_ns()[i], names_in);
  outcome.contents = index.content_count();
  // Where folders could not be read, that is what is wrong with it.
  if (index.findings().empty()) LG_TRY(check_has_files(store, request.source, outcome.contents));
  for (std::uint32_t i = 0; i < index.content_count(); ++i) outcome.bytes += index.size_bytes(i);

  outcome.finished = true;
  if (request.what == JudgeWhat::all)
    LG_TRY(judge_waiting(request, source, std::move(waiting), store, ledger, progress, outcome));
  if (!outcome.finished) {
    LG_ASSIGN(outcome.units, find_known_units(store, request.source.name, snapshots));
  } else {
    LG_ASSIGN(outcome.units, judge_units(request, index, source, snapshots, names_in, progress));
  }

  progress.step("counting");
  LG_ASSIGN(const Verdicts verdicts, read_verdicts(store, index));
  outcome.snapshots = summarise(index, verdicts, std::move(snapshots), names_in);
  outcome.findings = source.findings();
  if (!newest_gone.empty()) outcome.findings.push_back({.rule = "source.newest-gone", .sentence = newest_gone});
  LG_TRY(store.backups().record_snapshots(request.source.name, outcome.snapshots, outcome.units));
  if (request.what == JudgeWhat::units) LG_TRY(tell_units(request, outcome, ledger));
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return outcome;
}

}  // namespace lastgood::recovery
