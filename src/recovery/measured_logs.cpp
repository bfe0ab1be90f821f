// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/measured_logs.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"
#include "engines/joined_logs.h"

namespace lastgood::recovery {

namespace {

constexpr std::size_t k_read_alone_max = 16;

std::uint64_t bytes_changed_since(const engines::UnitView& logs, const std::string& folder, std::int64_t from_ns) {
  std::uint64_t bytes = 0;
  const auto entries = logs.list(folder);
  for (const engines::UnitEntry& entry : entries.ok() ? entries.value() : std::vector<engines::UnitEntry>()) {
    if (entry.kind == model::EntryKind::regular && entry.mtime_ns >= from_ns) bytes += entry.size_bytes;
    if (entry.kind == model::EntryKind::folder && folder.empty())
      bytes += bytes_changed_since(logs, entry.name, from_ns);
  }
  return bytes;
}

}  // namespace

std::optional<MeasuredLogs> find_better_alone(OpenedSources& sources, const std::vector<LogPlace>& places,
                                              const VerdictTable& verdicts, const LogUser& copy,
                                              const engines::LogReading& reading, const engines::UnitView& joined,
                                              const engines::LogEnd& end) {
  std::optional<MeasuredLogs> best;
  for (std::size_t i = 0; i < places.size() && places.size() > 1 && i < k_read_alone_max; ++i) {
    JoinedLogs alone = join_logs(sources, {places[i]}, verdicts);
    auto other = engines::find_log_end(*alone.view, copy.view, copy.unit, k_spill_folder, reading);
    const std::int64_t furthest_ns = best ? best->end.last_commit_ns : end.last_commit_ns;
    if (!other.ok() || other.value().files == 0 || other.value().last_commit_ns <= furthest_ns) continue;
    best = MeasuredLogs{.logs = std::move(alone), .end = std::move(other).value()};
  }
  if (!best || best->end.ends_early) return best;
  if (engines::find_last_log(*best->logs.view) < engines::find_last_log(joined)) {
    best->end.missing = end.missing;
    best->end.ends_early = true;
  }
  return best;
}

base::Result<MeasuredLogs> measure_all(JoinedLogs found, OpenedSources& sources, const std::vector<LogPlace>& places,
                                       const VerdictTable& verdicts, const LogUser& copy,
                                       const engines::LogReading& reading) {
  MeasuredLogs out{.logs = std::move(found)};
  LG_ASSIGN(out.end, engines::find_log_end(*out.logs.view, copy.view, copy.unit, k_spill_folder, reading));
  if (!out.end.ends_early) return out;
  auto better = find_better_alone(sources, places, verdicts, copy, reading, *out.logs.view, out.end);
  return better ? std::move(*better) : std::move(out);
}

base::Result<LogSources> open_log_sources(casefile::CaseStore& store, const std::string& path, PasswordPrompt& prompt) {
  LogSources out;
  LG_ASSIGN(out.sources, open_sources(store, {}, {}, prompt));
  out.places = find_log_places(out.sources, path, 0);
  LG_ASSIGN(out.verdicts, VerdictTable::read(store));
  return out;
}

base::Result<std::optional<BetterLogs>> open_better_logs(casefile::CaseStore& store, const std::string& path,
                                                         PasswordPrompt& prompt, const LogUser& copy,
                                                         const engines::UnitView& joined) {
  LG_ASSIGN(LogSources all, open_log_sources(store, path, prompt));
  if (all.places.size() < 2) return std::optional<BetterLogs>();
  const engines::LogReading reading{.depth = engines::LogDepth::everything, .until_ns = {}, .is_cancelled = {}};
  LG_ASSIGN(const engines::LogEnd end, engines::find_log_end(joined, copy.view, copy.unit, k_spill_folder, reading));
  auto better = find_better_alone(all.sources, all.places, all.verdicts, copy, reading, joined, end);
  if (!better) return std::optional<BetterLogs>();
  return std::optional(BetterLogs{.logs = keep_open(std::move(all.sources), std::move(better->logs)),
                                  .lacks = better->end.ends_early ? better->end.missing : std::string()});
}

std::string describe_reading(const engines::UnitView& logs, const std::string& path, std::int64_t from_ns) {
  return fmt::format("reading {} of saved logs of '{}'", base::human_bytes(bytes_changed_since(logs, {}, from_ns)),
                     base::printable(path));
}

}  // namespace lastgood::recovery
