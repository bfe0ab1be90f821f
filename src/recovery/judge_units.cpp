// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/judge_units.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "engines/unit.h"
#include "engines/watched_view.h"
#include "os/folder_user.h"
#include "recovery/opened_source.h"
#include "recovery/outside_paths.h"
#include "recovery/units/snapshot_view.h"
#include "sources/name_time.h"

namespace lastgood::recovery {

namespace {

constexpr std::size_t k_unit_findings_max = 20;

/// Folders with units in or below them, by number in the index. Goes over all entries once for each level of nesting.
std::vector<bool> mark_folders_with_units(const TreeIndex& index) {
  std::vector<bool> marks(index.folder_count());
  for (std::uint32_t folder = 0; folder < index.folder_count(); ++folder)
    marks[folder] = index.units(folder) != nullptr;
  bool is_changed = true;
  while (is_changed) {
    is_changed = false;
    for (std::uint32_t folder = 0; folder < index.folder_count(); ++folder) {
      if (marks[folder]) continue;
      const std::span<const IndexedEntry> entries = index.folder(folder);
      marks[folder] = std::any_of(entries.begin(), entries.end(), [&](const IndexedEntry& entry) {
        return entry.kind == IndexedEntry::Kind::folder && marks[entry.number];
      });
      is_changed = is_changed || marks[folder];
    }
  }
  return marks;
}

std::string join(const std::string& folder, const std::string& name) { return folder + "/" + name; }

std::vector<engines::UnitEntry> unit_entries_of(const sources::Folder& folder) {
  std::vector<engines::UnitEntry> entries;
  entries.reserve(folder.entries.size());
  for (const model::TreeEntry& entry : folder.entries) {
    entries.push_back({.name = entry.name,
                       .kind = entry.kind,
                       .size_bytes = entry.content.size_bytes,
                       .mtime_ns = entry.mtime_ns,
                       .link_target = entry.link_target});
  }
  return entries;
}

/// SQLite writes no times, so its file's own counts. A plain copy has that of its copying: what is later than its
/// snapshot would call old data new. The time of a folder says nothing.
bool is_dated_by_its_copying(const model::JudgedUnit& judged, const model::Snapshot& snapshot,
                             std::string_view names_in) {
  const bool is_by_folder =
      std::any_of(snapshot.findings.begin(), snapshot.findings.end(),
                  [&](const model::Finding& finding) { return finding.rule.ends_with(".time.modified"); });
  if (judged.kind != "sqlite" || is_by_folder) return false;
  return judged.data_as_of_ns > snapshot.time_ns + sources::name_doubt_ns(snapshot, names_in);
}

base::Error interrupted() {
  return {.code = base::ErrorCode::cancelled,
          .what = "interrupted while databases were checked",
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "the same command checks them again"};
}

/// A server's own folder, added as if it were a backup of it; empty: no program of this machine works in it.
std::string describe_at_work(const engines::UnitView& view, const engines::FoundUnit& unit) {
  const bool is_server = unit.kind == engines::UnitKind::postgresql || unit.kind == engines::UnitKind::mariadb;
  const auto local = is_server ? view.find_on_this_machine(unit.path) : std::nullopt;
  const auto user = local ? os::find_folder_user(*local) : std::nullopt;
  if (!user) return {};
  return fmt::format("'{}' (process {}) works in it: this is a database in use, no backup of one", user->name,
                     user->process_id);
}

/// A unit of a snapshot, and the check that tells of it: one for all snapshots in which it is the same.
struct Place {
  FolderUnit unit;
  std::string path;
  std::size_t snapshot = 0;
  std::size_t check = 0;
};

/// Finds them all, and which are the same.
class UnitFinder {
 public:
  UnitFinder(const TreeIndex& index, sources::Source& source, const JudgeProgress& progress)
      : index_(index), source_(source), progress_(progress), marks_(mark_folders_with_units(index)) {}

  base::Status find(std::uint32_t number, const model::Snapshot& snapshot) {
    if (index_.root(number) == TreeIndex::k_none) return base::Done{};
    snapshot_ = number;
    return walk(index_.root(number), snapshot.root, "", 0);
  }
  std::vector<Place> take() { return std::move(places_); }

 private:
  base::Status walk(std::uint32_t number, const std::string& subtree, const std::string& path, std::size_t depth) {
    constexpr std::size_t k_depth_max = 1024;
    if (!marks_[number] || depth > k_depth_max) return base::Done{};
    if (progress_.cancelled()) return interrupted();
    auto folder = source_.read_folder(subtree);
    if (!folder.ok()) return base::Done{};  // said while the folders were read
    if (const std::vector<FolderUnit>* units = index_.units(number)) {
      bool is_unit_itself = false;
      for (const FolderUnit& unit : *units) {
        add(unit, number, path, folder.value());
        is_unit_itself = is_unit_itself || unit.name.empty();
      }
      if (is_unit_itself) return base::Done{};
    }
    for (const model::TreeEntry& entry : folder.value().entries) {
      if (entry.kind != model::EntryKind::folder) continue;
      const std::uint32_t child = index_.find_folder(number, entry.name);
      if (child != TreeIndex::k_none) LG_TRY(walk(child, entry.subtree, join(path, entry.name), depth + 1));
    }
    return base::Done{};
  }

  /// What the check depends on: the folder with all below it, or a file and those that begin with its name.
  std::string key_of(const FolderUnit& unit, std::uint32_t number, const sources::Folder& folder) const {
    std::string key = unit.kind + "|" + unit.name + "|";
    if (unit.name.empty()) return key + std::to_string(number);
    for (const model::TreeEntry& entry : folder.entries) {
      if (entry.name.starts_with(unit.name)) key += entry.name + "=" + entry.content.key + "|";
    }
    return key;
  }

  void add(const FolderUnit& unit, std::uint32_t number, const std::string& path, const sources::Folder& folder) {
    const auto [check, is_new] = checks_.try_emplace(key_of(unit, number, folder), checks_.size());
    const std::string unit_path = unit.name.empty() ? (path.empty() ? "/" : path) : join(path, unit.name);
    places_.push_back({unit, unit_path, snapshot_, check->second});
  }

  const TreeIndex& index_;
  sources::Source& source_;
  const JudgeProgress& progress_;
  std::vector<bool> marks_;
  std::map<std::string, std::size_t> checks_;
  std::vector<Place> places_;
  std::size_t snapshot_ = 0;
};

/// Checks databases, several at a time.
class UnitJudge {
 public:
  UnitJudge(const JudgeRequest& request, sources::Source& source, const std::vector<model::Snapshot>& snapshots,
            std::string_view names_in, JudgeProgress& progress)
      : request_(request), source_(source), snapshots_(snapshots), names_in_(names_in), progress_(progress) {}

  base::Result<std::vector<model::JudgedUnit>> judge(const std::vector<Place>& places) {
    std::vector<Checked> checked(places.size());
    std::map<std::size_t, std::size_t> first_of;  // by check
    std::vector<std::size_t> firsts, others;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (first_of.try_emplace(places[i].check, i).second) firsts.push_back(i);
    }
    LG_TRY(check_all(places, firsts, checked));
    // What lies outside may differ while the folder is the same: such a unit is checked in every snapshot.
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::size_t first = first_of[places[i].check];
      if (first != i && checked[first].has_outside) others.push_back(i);
    }
    LG_TRY(check_all(places, others, checked));
    std::vector<model::JudgedUnit> units;
    units.reserve(places.size());
    for (std::size_t i = 0; i < places.size(); ++i) {
      const std::size_t first = first_of[places[i].check];
      model::JudgedUnit judged = checked[first].has_outside ? checked[i].unit : checked[first].unit;
      const model::Snapshot& snapshot = snapshots_[places[i].snapshot];
      judged.snapshot = snapshot.id;
      judged.path = places[i].path;
      if (is_dated_by_its_copying(judged, snapshot, names_in_)) judged.data_as_of_ns = 0;
      units.push_back(std::move(judged));
    }
    return units;
  }

 private:
  struct Checked {
    model::JudgedUnit unit;
    bool has_outside = false;
  };

  base::Status check_all(const std::vector<Place>& places, const std::vector<std::size_t>& wanted,
                         std::vector<Checked>& checked) {
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> stopped = false;
    std::atomic<std::size_t> said = 0;  // the newest of those that were begun
    const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t count = std::min<std::size_t>({wanted.size(), cores, std::max(1U, source_.traits().readers_max)});
    std::atomic<std::size_t> running = count;
    const auto work = [&] {
      for (std::size_t i = next.fetch_add(1); i < wanted.size() && !stopped; i = next.fetch_add(1)) {
        said = i + 1;
        checked[wanted[i]] = check(places[wanted[i]], [&] { return !stopped; });
      }
      --running;
    };
    std::vector<std::jthread> workers;
    for (std::size_t i = 0; i < count; ++i) workers.emplace_back(work);
    constexpr std::chrono::seconds k_said_again(5);  // one of terabytes takes hours
    auto said_at = std::chrono::steady_clock::now();
    for (std::size_t shown = 0; running > 0; std::this_thread::sleep_for(std::chrono::milliseconds(2))) {
      if (!stopped && progress_.cancelled()) stopped = true;
      const auto now = std::chrono::steady_clock::now();
      if (said == 0 || (said == shown && now - said_at < k_said_again)) continue;
      shown = said;
      said_at = now;
      const Place& place = places[wanted[shown - 1]];
      progress_.step(fmt::format("checking {} {} in snapshot {}", place.unit.kind, base::printable(place.path),
                                 base::printable(snapshots_[place.snapshot].id.substr(0, 24))));
    }
    workers.clear();
    return stopped ? base::Status(interrupted()) : base::Status(base::Done{});
  }

  /// Any thread.
  Checked check(const Place& place, const std::function<bool()>& goes_on) {
    const model::Snapshot& snapshot = snapshots_[place.snapshot];
    Checked checked;
    model::JudgedUnit& judged = checked.unit;
    judged = {.snapshot = snapshot.id, .kind = place.unit.kind, .path = place.path, .state = "undecided"};
    const auto view = open_source_view(request_.source, source_, snapshot, "");
    if (!view.ok()) {
      judged.findings.push_back({.rule = "unit.unreadable", .sentence = view.error().what});
      return checked;
    }
    const auto watched = engines::watch_view(*view.value(), goes_on);
    const auto kind = engines::find_unit_kind(place.unit.kind);
    const engines::FoundUnit found{.kind = kind.value_or(engines::UnitKind::sqlite), .path = place.path.substr(1)};
    judged.bytes = engines::count_bytes(*watched, found);
    const auto report = engines::check_unit(*watched, found, request_.depth);
    if (!report.ok()) {
      judged.findings.push_back({.rule = "unit.unreadable", .sentence = report.error().what});
      return checked;
    }
    const engines::UnitReport& said = report.value();
    checked.has_outside = !said.outside.empty();
    judged.state = engines::name_of(said.verdict);
    judged.certainty = said.certainty;
    judged.data_as_of_ns = said.data_as_of_ns;
    judged.files = said.members.size();
    if (!said.engine.empty()) judged.findings.push_back({.rule = "unit.engine", .sentence = said.engine});
    for (std::size_t i = 0; i < std::min(said.findings.size(), k_unit_findings_max); ++i) {
      const engines::UnitFinding& finding = said.findings[i];
      judged.findings.push_back(
          {.rule = finding.finding.rule,
           .sentence = (finding.path.empty() ? "" : finding.path + ": ") + finding.finding.sentence});
    }
    for (const engines::OutsidePlace& outside : said.outside) {
      judged.findings.push_back(
          {.rule = outside.seen == engines::OutsidePlace::Seen::yes ? "unit.outside" : "unit.outside-missing",
           .sentence = outside.path + ": " + outside.why});
    }
    if (std::string at_work = describe_at_work(*view.value(), found); !at_work.empty())
      judged.findings.push_back({.rule = std::string(k_in_use_rule), .sentence = std::move(at_work)});
    return checked;
  }

  const JudgeRequest& request_;
  sources::Source& source_;
  const std::vector<model::Snapshot>& snapshots_;
  std::string_view names_in_;
  JudgeProgress& progress_;
};

}  // namespace

std::vector<FolderUnit> find_folder_units(sources::Source& source, const model::Snapshot& snapshot,
                                          const std::string& path, const sources::Folder& folder) {
  const auto view = open_snapshot_view(source, snapshot, "");
  if (!view.ok()) return {};
  const std::string relative = path.empty() ? path : path.substr(1);
  std::vector<FolderUnit> out;
  for (const engines::FoundUnit& found : engines::find_units_in(*view.value(), relative, unit_entries_of(folder))) {
    FolderUnit unit{.kind = std::string(engines::name_of(found.kind)), .name = {}};
    if (found.path != relative) {
      const std::string inside =
          relative.empty() ? found.path : found.path.substr(std::min(found.path.size(), relative.size() + 1));
      if (inside.empty() || inside.find('/') != std::string::npos) continue;
      unit.name = inside;
    }
    out.push_back(std::move(unit));
  }
  return out;
}

base::Result<std::vector<model::JudgedUnit>> judge_units(const JudgeRequest& request, const TreeIndex& index,
                                                         sources::Source& source,
                                                         const std::vector<model::Snapshot>& snapshots,
                                                         std::string_view names_in, JudgeProgress& progress) {
  if (!index.has_units()) return std::vector<model::JudgedUnit>();
  UnitFinder finder(index, source, progress);
  for (std::uint32_t i = 0; i < snapshots.size(); ++i) LG_TRY(finder.find(i, snapshots[i]));
  return UnitJudge(request, source, snapshots, names_in, progress).judge(finder.take());
}

}  // namespace lastgood::recovery
