// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/unit_copies.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "engines/startup_settings.h"
#include "recovery/opened_source.h"
#include "recovery/units/snapshot_view.h"

namespace lastgood::recovery {

namespace {

bool is_hex_digit(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool are_all(std::string_view text, bool (*fits)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

/// Units that lay at `path`, with their snapshots, of one source.
base::Status add_copies(casefile::CaseStore& store, const model::BackupSource& source, const std::string& path,
                        std::vector<UnitCopy>& copies) {
  LG_ASSIGN(std::vector<model::JudgedUnit> units, store.backups().units(source.name));
  std::erase_if(units, [&](const model::JudgedUnit& unit) { return live_path_of(source, unit.path) != path; });
  if (units.empty()) return base::Done{};
  LG_ASSIGN(const std::vector<model::JudgedSnapshot> judged, store.backups().snapshots(source.name));
  std::map<std::string_view, const model::Snapshot*> by_id;
  for (const model::JudgedSnapshot& one : judged) by_id.emplace(one.snapshot.id, &one.snapshot);
  for (model::JudgedUnit& unit : units) {
    const auto at = by_id.find(unit.snapshot);
    if (at == by_id.end()) continue;  // its snapshot is gone: nothing to read it from
    const std::int64_t as_of_ns = unit.data_as_of_ns != 0 ? unit.data_as_of_ns : at->second->time_ns;
    copies.push_back({.source = source, .unit = std::move(unit), .snapshot = *at->second, .data_as_of_ns = as_of_ns});
  }
  return base::Done{};
}

std::uint64_t count_logs(const sources::Folder& folder) {
  return static_cast<std::uint64_t>(
      std::count_if(folder.entries.begin(), folder.entries.end(), [](const model::TreeEntry& entry) {
        if (entry.kind == model::EntryKind::regular) return is_log_name(entry.name);
        // Barman and pgBackRest keep segments in folders named by the first digits of theirs.
        return entry.kind == model::EntryKind::folder && entry.name.size() == 16 && are_all(entry.name, is_hex_digit);
      }));
}

struct LogPlace {
  std::uint64_t log_files = 0;
  model::Snapshot snapshot;
};

/// The best snapshot of one source; nothing when none has the folder with a log in it.
base::Result<std::optional<LogPlace>> find_logs(sources::Source& source, const std::vector<model::Snapshot>& snapshots,
                                                const std::string& stored_path) {
  std::optional<LogPlace> best;
  const auto parts = parts_of(stored_path);
  if (!parts) return best;
  for (const model::Snapshot& snapshot : snapshots) {
    const auto subtree = find_subtree(source, snapshot.root, *parts);
    if (!subtree.ok() || !subtree.value()) continue;  // a snapshot that cannot be read has no logs to offer
    const auto folder = source.read_folder(*subtree.value());
    if (!folder.ok()) continue;
    const std::uint64_t logs = count_logs(folder.value());
    const bool is_better =
        !best || logs > best->log_files || (logs == best->log_files && snapshot.time_ns > best->snapshot.time_ns);
    if (logs > 0 && is_better) best = LogPlace{.log_files = logs, .snapshot = snapshot};
  }
  return best;
}

}  // namespace

bool is_usable(const model::JudgedUnit& unit) { return unit.state == "consistent" || unit.state == "needs_recovery"; }

bool UnitCopy::is_usable() const { return recovery::is_usable(unit); }

bool UnitCopy::would_run() const { return recovery::would_run(unit); }

bool would_run(const model::JudgedUnit& unit) {
  return std::any_of(unit.findings.begin(), unit.findings.end(),
                     [](const model::Reason& reason) { return reason.rule == engines::k_would_run_rule; });
}

bool is_log_name(std::string_view name) {
  constexpr std::size_t k_segment_digits = 24;
  for (const std::string_view packed : {".gz", ".zst", ".lz4"}) {
    if (!name.ends_with(packed)) continue;
    name.remove_suffix(packed.size());
    break;
  }
  constexpr std::size_t k_number_digits_min = 6;
  if (name.size() == k_segment_digits && are_all(name, is_hex_digit)) return true;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view end = name.substr(dot + 1);
  if (end == "history") return dot == 8 && are_all(name.substr(0, dot), is_hex_digit);
  if (end == "index") return name.substr(0, dot).find("bin") != std::string_view::npos;
  return end.size() >= k_number_digits_min && are_all(end, is_digit);
}

base::Result<std::vector<UnitCopy>> find_unit_copies(casefile::CaseStore& store, const std::string& path) {
  LG_ASSIGN(const std::vector<model::BackupSource> all, store.backups().sources());
  std::vector<UnitCopy> copies;
  for (const model::BackupSource& source : all) LG_TRY(add_copies(store, source, path, copies));
  std::stable_sort(copies.begin(), copies.end(), [](const UnitCopy& a, const UnitCopy& b) {
    if (a.would_run() != b.would_run()) return b.would_run();
    if (a.data_as_of_ns != b.data_as_of_ns) return a.data_as_of_ns > b.data_as_of_ns;
    return a.snapshot.time_ns > b.snapshot.time_ns;
  });
  return copies;
}

base::Result<OpenedCopy> open_unit_copy(casefile::CaseStore& store, const UnitCopy& copy, PasswordPrompt& prompt) {
  // The record as it is now: a source may have moved since the copy was found.
  LG_ASSIGN(const model::BackupSource record, find_source(store, copy.source.name));
  const auto kind = engines::find_unit_kind(copy.unit.kind);
  if (!kind)
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = fmt::format("'{}' is no kind of unit", base::printable(copy.unit.kind)),
                       .path = copy.unit.path};
  OpenedCopy opened;
  LG_ASSIGN(opened.source, open_case_source(record, {}, prompt));
  LG_ASSIGN(const std::vector<model::Snapshot> snapshots, opened.source->snapshots());
  const auto at = std::find_if(snapshots.begin(), snapshots.end(),
                               [&](const model::Snapshot& snapshot) { return snapshot.id == copy.snapshot.id; });
  if (at == snapshots.end())
    return base::Error{.code = base::ErrorCode::not_found,
                       .what = fmt::format("source '{}' no longer has snapshot '{}'", base::printable(record.name),
                                           base::printable(copy.snapshot.id)),
                       .path = copy.unit.path,
                       .hint = fmt::format("'lastgood backups judge {}' reads again what it has", record.name)};
  LG_ASSIGN(opened.view, open_snapshot_view(*opened.source, *at, ""));
  const std::size_t begin = std::min(copy.unit.path.find_first_not_of('/'), copy.unit.path.size());
  opened.unit = {.kind = *kind, .path = copy.unit.path.substr(begin)};
  return opened;
}

base::Result<std::optional<OpenedLogs>> open_logs(casefile::CaseStore& store, const std::string& path,
                                                  PasswordPrompt& prompt) {
  LG_ASSIGN(const std::vector<model::BackupSource> all, store.backups().sources());
  std::optional<OpenedLogs> best;
  for (const model::BackupSource& record : all) {
    const auto stored_path = stored_path_of(record, path);
    if (!stored_path) continue;
    auto source = open_case_source(record, {}, prompt);
    if (!source.ok()) continue;  // the copy itself was opened: logs elsewhere are a gift, not a need
    LG_ASSIGN(const std::vector<model::Snapshot> snapshots, source.value()->snapshots());
    LG_ASSIGN(std::optional<LogPlace> place, find_logs(*source.value(), snapshots, *stored_path));
    if (!place) continue;
    const bool is_better = !best || place->log_files > best->log_files ||
                           (place->log_files == best->log_files && place->snapshot.time_ns > best->snapshot.time_ns);
    if (!is_better) continue;
    OpenedLogs logs{.record = record,
                    .snapshot = std::move(place->snapshot),
                    .source = std::move(source).value(),
                    .view = nullptr,
                    .log_files = place->log_files};
    LG_ASSIGN(logs.view, open_snapshot_view(*logs.source, logs.snapshot, *stored_path));
    best.emplace(std::move(logs));
  }
  return best;
}

}  // namespace lastgood::recovery
