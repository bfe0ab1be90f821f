// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/unread_logs.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/packed_log.h"
#include "os/paths.h"
#include "recovery/case_sources.h"

namespace lastgood::recovery {

namespace {

std::string_view name_in(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// Log files by series, then by number: "000000010000000000000007" is alone in the series of segments,
/// "mysql-bin.000012" in that of "mysql-bin". Where one is packed it is the same file.
struct LogName {
  std::string series;
  std::string number;
  auto operator<=>(const LogName&) const = default;
};

/// Nothing: it is a list or a history, which has no number.
std::optional<LogName> numbered(std::string_view name) {
  if (!is_log_name(name)) return std::nullopt;
  name = engines::without_packing(name);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return LogName{.series = {}, .number = std::string(name)};
  if (name.ends_with(".index") || name.ends_with(".history")) return std::nullopt;
  return LogName{.series = std::string(name.substr(0, dot)), .number = std::string(name.substr(dot + 1))};
}

struct SeenLog {
  std::string name;
  std::uint64_t size_bytes = 0;  // of the longest of this name
};
using SeenLogs = std::map<LogName, SeenLog>;

void add_log(SeenLogs& logs, std::string_view name, std::uint64_t size_bytes) {
  auto key = numbered(name);
  if (!key) return;
  SeenLog& log = logs.try_emplace(std::move(*key), SeenLog{.name = std::string(name), .size_bytes = 0}).first->second;
  if (size_bytes < log.size_bytes) return;
  log = {.name = std::string(name), .size_bytes = size_bytes};
}

/// What judging saw in the snapshots of a source of the folder that lay at `path`, up to that moment; 0: in all.
base::Result<SeenLogs> read_seen_logs(casefile::CaseStore& store, const model::BackupSource& record,
                                      const std::string& path, std::int64_t not_after_ns) {
  SeenLogs seen;
  const auto stored = stored_path_of(record, path);
  if (!stored) return seen;
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(record.name));
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  std::vector<model::Snapshot> snapshots;
  for (const model::JudgedSnapshot& one : judged) snapshots.push_back(one.snapshot);
  const std::vector<std::string> labels = label_snapshots(snapshots);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (not_after_ns != 0 && snapshots[i].time_ns > not_after_ns) continue;
    const std::string folder = fmt::format("/{}/{}{}", record.name, labels[i], *stored);
    for (const model::Scan& scan : scans) {
      if (scan.source != record.name) continue;
      LG_TRY(store.visit_files({.scan_id = scan.id, .verdicts = {}, .path = {}, .path_below = folder, .details = false},
                               [&](const model::FileRecord& file) {
                                 if (!is_bad_log(file.verdict)) add_log(seen, name_in(file.path), file.size_bytes);
                                 return true;
                               }));
    }
  }
  return seen;
}

base::Result<bool> may_have_logs(casefile::CaseStore& store, const std::string& name, const std::string& path) {
  LG_ASSIGN(const model::BackupSource record, find_source(store, name));
  if (!stored_path_of(record, path)) return false;
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(name));
  if (judged.empty()) return true;
  LG_ASSIGN(const SeenLogs seen, read_seen_logs(store, record, path, 0));
  if (!seen.empty()) return true;
  return std::any_of(judged.begin(), judged.end(), [](const model::JudgedSnapshot& one) { return one.open > 0; });
}

void add_logs_in(sources::Source& source, const std::string& subtree, SeenLogs& out, int depth) {
  const auto folder = source.read_folder(subtree);
  if (!folder.ok()) return;
  for (const model::TreeEntry& entry : folder.value().entries) {
    if (entry.kind == model::EntryKind::regular) add_log(out, entry.name, entry.content.size_bytes);
    // Folders of segments.
    if (entry.kind == model::EntryKind::folder && depth == 0) add_logs_in(source, entry.subtree, out, depth + 1);
  }
}

/// The last log of each series that judging saw in this source and no source has any more, or a shorter one.
std::string describe_lost_ends(const model::BackupSource& record, const SeenLogs& seen, const SeenLogs& there,
                               const std::string& path) {
  std::string out;
  for (auto at = seen.begin(); at != seen.end(); ++at) {
    const auto next = std::next(at);
    if (next != seen.end() && next->first.series == at->first.series) continue;
    auto last = there.upper_bound({.series = at->first.series, .number = "~"});
    const bool has_series = last != there.begin() && std::prev(last)->first.series == at->first.series;
    // What a server wrote after it, with others removed meanwhile, is no loss.
    if (has_series && std::prev(last)->first.number > at->first.number) continue;
    const bool is_same = has_series && std::prev(last)->first.number == at->first.number;
    const bool is_packed = is_same && std::prev(last)->second.name != at->second.name;
    if (is_same && (is_packed || std::prev(last)->second.size_bytes >= at->second.size_bytes)) continue;
    const std::string name = base::printable(at->second.name);
    const std::string folder = base::printable(path);
    out += fmt::format("{}source '{}' ({}) ", out.empty() ? "" : "; ", base::printable(record.name),
                       base::printable(record.address));
    out += is_same
               ? fmt::format("has a shorter '{}' in '{}' than judging saw: another disk is mounted there", name, folder)
               : fmt::format(
                     "no longer has '{}' in '{}', the last of its logs that judging saw: it was deleted, or "
                     "another disk is mounted there",
                     name, folder);
  }
  return out;
}

}  // namespace

base::Result<std::string> describe_unread_logs(casefile::CaseStore& store, const OpenedSources& sources,
                                               const std::string& path, const std::vector<LogPlace>& places,
                                               std::int64_t as_of_ns) {
  std::string out;
  // Judging has seen nothing in it either: its disk was away then, too, or nobody has put anything there yet.
  for (const OpenedSource& opened : sources.opened) {
    if (opened.snapshots.empty() && stored_path_of(opened.record, path))
      out += fmt::format("{}source '{}' ({}) holds nothing (is it mounted?)", out.empty() ? "" : "; ",
                         base::printable(opened.record.name), base::printable(opened.record.address));
  }
  const std::string home = os::follow_links(path);
  for (std::size_t i = 0; i < sources.failures.size(); ++i) {
    LG_ASSIGN(bool is_of_it, may_have_logs(store, sources.not_opened[i], path));
    if (!is_of_it && home != path) {
      LG_ASSIGN(is_of_it, may_have_logs(store, sources.not_opened[i], home));
    }
    if (!is_of_it) continue;
    out += (out.empty() ? "" : "; ") + describe_failure(sources.failures[i]);
  }
  SeenLogs there;
  for (const LogPlace& place : places) add_logs_in(*sources.opened[place.source].source, place.subtree, there, 0);
  for (const OpenedSource& opened : sources.opened) {
    for (const std::string& folder : std::set<std::string>{path, home}) {
      LG_ASSIGN(const SeenLogs seen, read_seen_logs(store, opened.record, folder, as_of_ns));
      const std::string lost = describe_lost_ends(opened.record, seen, there, folder);
      if (!lost.empty()) out += (out.empty() ? "" : "; ") + lost;
    }
  }
  return out;
}

}  // namespace lastgood::recovery
