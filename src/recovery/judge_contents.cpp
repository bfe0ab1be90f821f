// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/judge_contents.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <span>
#include <thread>

#include "inspect/judged_file.h"
#include "sources/content_bytes.h"

namespace lastgood::recovery {

namespace {

// Neighbours in the store go to one thread: what it read ahead serves it again.
constexpr std::size_t k_run_contents = 64;
constexpr std::uint64_t k_run_bytes = std::uint64_t{16} << 20;
constexpr auto k_progress_interval = std::chrono::milliseconds(200);
using Clock = std::chrono::steady_clock;

std::string_view name_in(std::string_view path) { return path.substr(path.find_last_of('/') + 1); }

/// REQUIRES: `options` says whether it goes on.
void judge_one(const PendingContent& pending, sources::Source& source, const inspect::InspectOptions& options,
               casefile::Recorder& recorder) {
  inspect::JudgedFile judged;
  auto opened = source.open_content(pending.content);
  if (opened.ok()) {
    sources::ContentBytes bytes(std::move(opened).value());
    inspect::keep_inspection(inspect::inspect_content(bytes, name_in(pending.path), options), judged);
    judged.record.path = pending.path;
  } else {
    judged.record = inspect::unreadable_record(pending.path, opened.error());
  }
  if (!options.goes_on()) return;  // not judged to its end
  judged.record.size_bytes = pending.content.size_bytes;
  judged.record.mtime_ns = pending.mtime_ns;
  judged.record.ctime_ns = pending.ctime_ns != 0 ? pending.ctime_ns : pending.mtime_ns;
  if (inspect::is_suspicious(judged.record.verdict)) inspect::add_name_contacts(name_in(pending.path), judged);
  for (model::Sighting& sighting : judged.sightings) sighting.path = pending.path;
  recorder.add(std::move(judged.record), std::move(judged.sightings), pending.content.key);
}

using Run = std::span<const PendingContent>;

/// What a thread takes at a time: in the order of the store, but large contents first and each by itself, so that none
/// is left over for one thread at the end. REQUIRES: `pending` is in the order of the store.
std::vector<Run> divide(Run pending) {
  std::vector<Run> large, runs;
  std::size_t from = 0;
  std::uint64_t bytes = 0;
  const auto end_run = [&](std::size_t to) {
    if (to > from) runs.push_back(pending.subspan(from, to - from));
    from = to;
    bytes = 0;
  };
  for (std::size_t i = 0; i < pending.size(); ++i) {
    const std::uint64_t size_bytes = pending[i].content.size_bytes;
    if (size_bytes >= k_run_bytes) {
      end_run(i);
      large.push_back(pending.subspan(i, 1));
      from = i + 1;
      continue;
    }
    bytes += size_bytes;
    if (i + 1 - from == k_run_contents || bytes >= k_run_bytes) end_run(i + 1);
  }
  end_run(pending.size());
  std::stable_sort(large.begin(), large.end(),
                   [](Run a, Run b) { return a[0].content.size_bytes > b[0].content.size_bytes; });
  large.insert(large.end(), runs.begin(), runs.end());
  return large;
}

JudgeTally tally_of(const casefile::Recorder& recorder, JudgeTally total, double seconds) {
  const casefile::RecordedTally recorded = recorder.tally();
  total.contents = recorded.files;
  total.bytes = recorded.bytes;
  total.bytes_read = recorded.bytes_read;
  total.suspicious = recorded.suspicious;
  total.unreadable = recorded.unreadable;
  total.seconds = seconds;
  return total;
}

}  // namespace

base::Result<JudgeEnd> judge_contents(std::vector<PendingContent> pending, sources::Source& source,
                                      const inspect::InspectOptions& options, unsigned threads,
                                      casefile::Recorder& recorder, JudgeProgress& progress) {
  std::sort(pending.begin(), pending.end(),
            [](const PendingContent& a, const PendingContent& b) { return a.position < b.position; });
  JudgeTally total;
  total.contents_total = pending.size();
  for (const PendingContent& content : pending) total.bytes_total += content.content.size_bytes;

  const std::vector<Run> runs = divide(pending);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stopped = false;
  inspect::InspectOptions stoppable = options;
  stoppable.goes_on = [&] { return !stopped; };
  const unsigned wanted = threads != 0 ? threads : 2 * std::max(1U, std::thread::hardware_concurrency());
  const unsigned count = std::clamp(wanted, 1U, source.traits().readers_max);
  std::atomic<unsigned> running = count;
  const auto work = [&] {
    while (!stopped && !recorder.failed()) {
      const std::size_t number = next.fetch_add(1);
      if (number >= runs.size()) break;
      for (const PendingContent& content : runs[number]) {
        if (stopped) break;
        judge_one(content, source, stoppable, recorder);
      }
    }
    --running;
  };
  std::vector<std::jthread> workers;
  for (unsigned i = 0; i < count; ++i) workers.emplace_back(work);

  const Clock::time_point begin = Clock::now();
  Clock::time_point shown = begin;
  while (running > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (!stopped && progress.cancelled()) stopped = true;
    if (Clock::now() - shown < k_progress_interval) continue;
    shown = Clock::now();
    progress.judging(tally_of(recorder, total, std::chrono::duration<double>(shown - begin).count()));
  }
  workers.clear();
  recorder.flush();
  if (auto failure = recorder.failure()) return std::move(*failure);
  return stopped ? JudgeEnd::cancelled : JudgeEnd::complete;
}

}  // namespace lastgood::recovery
