// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "scan/run_scan.h"

#include <chrono>

#include <fmt/format.h>

#include "base/misuse.h"
#include "campaigns/apply_campaigns.h"
#include "casefile/recorder.h"
#include "casefile/sampling_seed.h"
#include "os/clock.h"
#include "scan/walk_tree.h"

namespace lastgood::scan {

namespace {

using base::Result;
using base::Status;

std::string join(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "\n") + part;
  return out;
}

/// A scan that searched is gone on with by one that searches. Begins with casefile::k_all_names where no name is left
/// out.
std::string options_of(const ScanRequest& request, const inspect::FileSearch* search) {
  return fmt::format("includes={};excludes={};other_file_systems={}{}", join(request.includes), join(request.excludes),
                     request.other_file_systems == walk::OtherFileSystems::enter ? "enter" : "skip",
                     search == nullptr ? "" : ";searched=yes");
}

/// The newest unfinished scan of the same roots with the same options; 0: none.
Result<std::int64_t> find_interrupted(const ScanRequest& request, const std::string& options,
                                      casefile::CaseStore& store) {
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  std::int64_t found = 0;
  for (const model::Scan& scan : scans) {
    const bool same = scan.roots == request.roots && scan.host == request.host && scan.depth == request.depth &&
                      scan.options == options;
    if (scan.finished_ns == 0 && same) found = scan.id;
  }
  if (found == 0) {
    return base::misuse("no interrupted scan of the same paths and options is in this case",
                        "leave out --resume to begin a new scan; 'lastgood case show' lists the scans");
  }
  return found;
}

Result<std::int64_t> begin(const ScanRequest& request, const std::string& options, casefile::CaseStore& store,
                           ledger::Ledger& ledger, std::int64_t now_ns) {
  std::int64_t scan_id = 0;
  if (request.resume == Resume::yes) {
    LG_ASSIGN(scan_id, find_interrupted(request, options, store));
  }
  LG_TRY(ledger.append("scan-begun", {{"depth", std::string(model::name_of(request.depth))},
                                      {"host", request.host},
                                      {"options", options},
                                      {"resumed_scan", scan_id},
                                      {"roots", request.roots}}));
  if (scan_id != 0) return scan_id;
  model::Scan scan;
  scan.host = request.host;
  scan.roots = request.roots;
  scan.depth = request.depth;
  scan.options = options;
  scan.started_ns = now_ns;
  return store.begin_scan(scan);
}

Status finish(casefile::CaseStore& store, ledger::Ledger& ledger, ScanOutcome& outcome, std::int64_t now_ns) {
  ledger::Fields fields = {{"bytes", static_cast<std::int64_t>(outcome.counts.bytes)},
                           {"campaigns", static_cast<std::int64_t>(outcome.campaigns.size())},
                           {"files", static_cast<std::int64_t>(outcome.counts.files)},
                           {"scan", outcome.scan_id}};
  for (int i = 0; i < model::k_verdict_count; ++i) {
    fields[std::string(model::name_of(static_cast<model::Verdict>(i)))] =
        static_cast<std::int64_t>(outcome.counts.files_by_verdict.at(static_cast<std::size_t>(i)));
  }
  LG_TRY(ledger.append("scan-finished", fields));
  return store.finish_scan(outcome.scan_id, now_ns, outcome.counts);
}

}  // namespace

Result<ScanOutcome> run_scan(const ScanRequest& request, casefile::CaseStore& store, ledger::Ledger& ledger,
                             ScanProgress& progress, inspect::FileSearch* search) {
  const os::SystemClock clock;
  const auto started = std::chrono::steady_clock::now();
  ScanOutcome outcome;

  // What is asked for stands in the ledger before the first file is opened.
  LG_ASSIGN(const std::uint64_t seed, casefile::sampling_seed(store));
  LG_ASSIGN(outcome.scan_id, begin(request, options_of(request, search), store, ledger, clock.now_ns()));

  // Every file is opened, judged by itself and recorded.
  casefile::Recorder recorder(store, outcome.scan_id);
  LG_ASSIGN(const walk::WalkEnd end,
            walk_tree(request, {.depth = request.depth, .seed = seed}, search, recorder, progress));
  const casefile::RecordedTally tally = recorder.tally();

  // Beyond this point no file is read again: what files share decides what one file alone could not.
  if (end == walk::WalkEnd::complete) {
    progress.step("looking for what the suspicious files share");
    LG_ASSIGN(outcome.campaigns, campaigns::decide_by_campaigns(store, outcome.scan_id));
  }

  progress.step("counting");
  // From what is stored, so that a resumed scan's summary speaks of all its files.
  LG_ASSIGN(outcome.counts, store.count_files(outcome.scan_id));
  outcome.counts.bytes_read = tally.bytes_read;
  outcome.counts.skipped = tally.skipped;
  outcome.finished = end == walk::WalkEnd::complete;
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  if (outcome.finished) LG_TRY(finish(store, ledger, outcome, clock.now_ns()));
  return outcome;
}

}  // namespace lastgood::scan
