// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/unit_copies.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/human.h"
#include "base/letters.h"
#include "base/local_time.h"
#include "engines/log_end.h"
#include "engines/missing_tablespace.h"
#include "engines/startup_settings.h"
#include "os/paths.h"
#include "recovery/emptied_source.h"
#include "recovery/find_version.h"
#include "recovery/opened_source.h"
#include "recovery/outside_paths.h"
#include "recovery/units/snapshot_view.h"

namespace lastgood::recovery {

namespace {

/// Whether the unit lay at `path`, or at a link of this machine that leads there: "rsync -L" keeps what it leads to
/// under the link's own name.
class LiesAt {
 public:
  explicit LiesAt(const std::string& path) : path_(path) {}
  bool operator()(const model::BackupSource& source, const model::JudgedUnit& unit) {
    const auto live = live_path_of(source, unit.path);
    if (!live || *live == path_) return live.has_value();
    const auto [at, is_new] = ends_.try_emplace(*live);
    if (is_new) at->second = os::follow_links(*live);
    return at->second == path_;
  }

 private:
  const std::string& path_;
  std::map<std::string, std::string> ends_;  // of links, by their paths
};

/// Units that lay at `path`, with their snapshots, of one source.
base::Status add_copies(casefile::CaseStore& store, const model::BackupSource& source, const std::string& path,
                        std::vector<UnitCopy>& copies) {
  LG_ASSIGN(std::vector<model::JudgedUnit> units, store.backups().units(source.name));
  LiesAt lies_at(path);
  std::erase_if(units, [&](const model::JudgedUnit& unit) { return !lies_at(source, unit); });
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

/// Nothing of it but a tablespace is missing: what could not be read says more. A setting is a remark of good copies,
/// too: each server with an archive of its log has one.
bool lacks_only_tablespaces(const model::JudgedUnit& unit) {
  if (unit.kind != engines::name_of(engines::UnitKind::postgresql) ||
      unit.state != engines::name_of(engines::UnitVerdict::undecided))
    return false;
  const auto is_unread = [](const model::Reason& reason) {
    const std::string_view rule = reason.rule;
    return (rule.starts_with("unit.") && rule != "unit.engine" && rule != "unit.startup_setting" &&
            !rule.starts_with("unit.outside")) ||
           rule == "postgresql.outside" || rule == "postgresql.version" || rule == "postgresql.manifest.size";
  };
  const auto is_missing = [](const model::Reason& reason) { return reason.rule == engines::k_missing_tablespace_rule; };
  return std::any_of(unit.findings.begin(), unit.findings.end(), is_missing) &&
         std::none_of(unit.findings.begin(), unit.findings.end(), is_unread);
}

}  // namespace

bool is_usable(const model::JudgedUnit& unit) { return unit.state == "consistent" || unit.state == "needs_recovery"; }

bool is_bad(const model::JudgedUnit& unit) {
  return unit.state == "torn" || unit.state == "damaged" || unit.state == "encrypted";
}

bool needs_log(const model::JudgedUnit& unit) {
  return unit.state == engines::name_of(engines::UnitVerdict::needs_log);
}

bool UnitCopy::is_usable() const { return recovery::is_usable(unit); }
bool UnitCopy::needs_log() const { return recovery::needs_log(unit); }

bool UnitCopy::may_answer_in_part() const {
  if (lacks_only_tablespaces(unit)) return true;
  // A set that is torn is called that, not damaged, also where files of it are missing.
  return (unit.state == "damaged" || unit.state == "encrypted") &&
         unit.kind == engines::name_of(engines::UnitKind::mariadb);
}

bool UnitCopy::would_run() const { return recovery::would_run(unit); }

std::string describe_passed_over(const std::string& source, const std::string& snapshot, std::int64_t as_of_ns,
                                 std::string_view zone) {
  return fmt::format(
      "a NEWER sound copy, '{} {}' with data as of {}, is passed over: its next start would run a command out of it, "
      "as an attacker lays it out, and as a standby's own backup can have it; a person who knows its settings takes it "
      "from there",
      base::printable(source), base::printable(model::short_id(snapshot)), base::time_in_zone(as_of_ns, zone));
}

std::string describe_passed_over(const std::vector<UnitCopy>& copies, std::string_view kind, std::int64_t as_of_ns,
                                 std::string_view zone) {
  const auto newer = std::find_if(copies.begin(), copies.end(), [&](const UnitCopy& copy) {
    return copy.is_usable() && copy.would_run() && copy.unit.kind == kind && copy.data_as_of_ns > as_of_ns;
  });
  return newer == copies.end()
             ? std::string()
             : describe_passed_over(newer->source.name, newer->snapshot.id, newer->data_as_of_ns, zone);
}

std::string describe_state(const model::JudgedUnit& unit) {
  const auto first = std::find_if(unit.findings.begin(), unit.findings.end(),
                                  [](const model::Reason& reason) { return reason.rule != "unit.engine"; });
  if (is_usable(unit) || first == unit.findings.end()) return unit.state;
  return fmt::format("{}: {}", needs_log(unit) ? "without its log" : unit.state, base::printable(first->sentence));
}

bool would_run(const model::JudgedUnit& unit) {
  return std::any_of(unit.findings.begin(), unit.findings.end(),
                     [](const model::Reason& reason) { return reason.rule == engines::k_would_run_rule; });
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

base::Result<std::string> describe_instead_of_unit(casefile::CaseStore& store, const std::string& path,
                                                   std::string_view kind, PasswordPrompt& prompt) {
  LG_ASSIGN(const OpenedSources sources, open_sources(store, {}, {}, prompt));
  const OpenedSource* source = nullptr;
  const model::Snapshot* newest = nullptr;
  model::TreeEntry entry;
  for (const OpenedSource& opened : sources.opened) {
    const auto stored_path = stored_path_of(opened.record, path);
    auto parts = stored_path ? parts_of(*stored_path) : std::nullopt;
    if (!parts || parts->empty()) continue;
    const std::string name = parts->back();
    parts->pop_back();
    for (const model::Snapshot& snapshot : opened.snapshots) {
      if (newest != nullptr && snapshot.time_ns <= newest->time_ns) continue;
      const auto subtree = find_subtree(*opened.source, snapshot.root, *parts);
      if (!subtree.ok() || !subtree.value()) continue;
      const auto folder = opened.source->read_folder(*subtree.value());
      const model::TreeEntry* const found = folder.ok() ? find_entry(folder.value(), name) : nullptr;
      if (found == nullptr) continue;
      source = &opened;
      newest = &snapshot;
      entry = *found;
    }
  }
  if (newest == nullptr) return std::string();
  std::string has = entry.kind == model::EntryKind::folder ? "a folder there" : "something there";
  if (entry.kind == model::EntryKind::link)
    return fmt::format(
        "the newest backup of it, '{} {}', has a link there to '{}': if its data lay there, write that path into the "
        "services file",
        source->record.name, model::short_id(newest->id), base::printable(entry.link_target));
  if (entry.kind == model::EntryKind::regular) {
    LG_ASSIGN(const std::optional<model::FileRecord> judged, find_judged(store, entry.content.key));
    has = judged ? fmt::format("a file there that is {}", model::name_of(judged->verdict))
                 : std::string("a file there that was not judged");
  }
  return fmt::format("the newest backup of it, '{} {}', has {}, no {}; a backup from before that is needed",
                     source->record.name, model::short_id(newest->id), has, kind);
}

std::string compare_sources(const std::vector<UnitCopy>& copies, std::string_view kind, std::string_view zone) {
  constexpr std::int64_t k_second_ns = 1'000'000'000;
  std::vector<const UnitCopy*> newest;  // one a source
  for (const UnitCopy& copy : copies) {
    // Of some nothing is known but when the backup was made.
    const bool has_commit = copy.unit.data_as_of_ns != 0;
    if (!copy.is_usable() || copy.would_run() || copy.unit.kind != kind || !has_commit) continue;
    const bool is_known = std::any_of(newest.begin(), newest.end(),
                                      [&](const UnitCopy* one) { return one->source.name == copy.source.name; });
    if (!is_known) newest.push_back(&copy);
  }
  if (newest.size() < 2) return {};
  const bool are_same = std::all_of(newest.begin(), newest.end(), [&](const UnitCopy* one) {
    return one->data_as_of_ns / k_second_ns == newest.front()->data_as_of_ns / k_second_ns;
  });
  std::string out = are_same ? "the last commit is the same in " : "last commits differ: ";
  for (std::size_t i = 0; i < newest.size(); ++i) {
    if (i > 0) out += ", ";
    if (!are_same) out += base::time_in_zone(newest[i]->data_as_of_ns, zone) + " in ";
    out += base::printable(newest[i]->source.name);
  }
  return out;
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
  LG_ASSIGN(opened.source, open_case_source(store, record, {}, prompt));
  LG_ASSIGN(const std::vector<model::Snapshot> snapshots, opened.source->snapshots());
  LG_TRY(check_not_empty(store, record, snapshots));
  const auto at = std::find_if(snapshots.begin(), snapshots.end(),
                               [&](const model::Snapshot& snapshot) { return snapshot.id == copy.snapshot.id; });
  if (at == snapshots.end())
    return base::Error{.code = base::ErrorCode::not_found,
                       .what = fmt::format("source '{}' no longer has snapshot '{}'", base::printable(record.name),
                                           base::printable(copy.snapshot.id)),
                       .path = copy.unit.path,
                       .hint = fmt::format("'lastgood backups judge {}' reads again what it has", record.name)};
  LG_ASSIGN(opened.view, open_source_view(record, *opened.source, *at, ""));
  const std::size_t begin = std::min(copy.unit.path.find_first_not_of('/'), copy.unit.path.size());
  opened.unit = {.kind = *kind, .path = copy.unit.path.substr(begin)};
  return opened;
}

}  // namespace lastgood::recovery
