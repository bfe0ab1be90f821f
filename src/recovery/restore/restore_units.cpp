// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/restore_units.h"

#include <algorithm>
#include <cerrno>
#include <numeric>

#include <fmt/format.h>

#include "engines/evidence_view.h"
#include "engines/unit.h"
#include "os/directory_list.h"
#include "os/evidence.h"
#include "os/evidence_entry.h"
#include "os/folder_user.h"
#include "recovery/fault_in_place.h"
#include "recovery/restore/file_batch.h"
#include "recovery/restore/file_pipeline.h"
#include "recovery/restore/place_others.h"
#include "recovery/stands_as_seen.h"

namespace lastgood::recovery::restore {

namespace {

bool lies_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}
/// A folder that somebody made for a disk to be mounted on holds nothing.
bool holds_anything(const std::string& folder) {
  const auto opened = os::open_evidence_root(folder);
  if (!opened.ok()) return opened.error().system_errno != ENOENT && opened.error().system_errno != ENOTDIR;
  bool is_any = false;
  const base::Status listed = os::list_directory(opened.value(), folder, [&](std::string_view, auto) {
    is_any = true;
    return false;
  });
  return is_any || !listed.ok();
}

}  // namespace

std::vector<std::uint32_t> RestoreParts::all_files() const {
  std::vector<std::uint32_t> out = files;
  out.insert(out.end(), done_files.begin(), done_files.end());
  return out;
}

RestoreUnits::RestoreUnits(RestoreRun& run) : run_(run) {
  units_.resize(run.plan.units.size());
  for (std::uint32_t i = 0; i < units_.size(); ++i) units_[i].number = i;
  for (std::uint32_t i = 0; i < run.plan.items.size(); ++i) {
    const std::uint32_t unit = run.plan.items[i].unit;
    if (unit < units_.size()) units_[unit].items.push_back(i);
  }
  order_.resize(units_.size());
  std::iota(order_.begin(), order_.end(), 0U);
  std::sort(order_.begin(), order_.end(),
            [&](std::uint32_t a, std::uint32_t b) { return run.plan.units[a].path < run.plan.units[b].path; });
  sort_items();
}

void RestoreUnits::sort_items() {
  const auto parts_of = [&](std::uint32_t item) -> RestoreParts& {
    const std::uint32_t unit = run_.plan.items[item].unit;
    return unit == PlanItem::k_no_unit ? outside_ : units_[unit].parts;
  };
  for (std::uint32_t i = 0; i < run_.items.files.size(); ++i) {
    const std::uint32_t item = run_.items.files[i].item;
    RestoreParts& parts = parts_of(item);
    if (i >= run_.items.more_names_from) {
      parts.more_names.push_back(i);
    } else if (run_.journal.state().is_done(item)) {
      parts.done_files.push_back(i);
    } else {
      parts.files.push_back(i);
    }
  }
  for (std::uint32_t i = 0; i < run_.items.others.size(); ++i) parts_of(run_.items.others[i].item).others.push_back(i);
  for (std::uint32_t i = 0; i < run_.items.folders.size(); ++i) {
    const RestoreFolder& folder = run_.items.folders[i];
    (folder.item == k_no_index ? outside_ : parts_of(folder.item)).folders.push_back(i);
  }
}

std::string RestoreUnits::staged_name(const Unit& unit) const {
  return fmt::format(".lastgood-{}-unit-{}", run_.request.plan_sha256.substr(0, 8), unit.number);
}

base::Status RestoreUnits::put_elsewhere() {
  FolderCache cache(run_.tree, run_.target);
  for (Unit& unit : units_) {
    if (unit.items.empty() || run_.journal.state().units.contains(unit.number)) continue;
    const std::string& path = run_.plan.units[unit.number].path;
    const bool has_folder = std::any_of(unit.parts.folders.begin(), unit.parts.folders.end(), [&](std::uint32_t i) {
      return run_.plan.items[run_.items.folders[i].item].path == path;
    });
    if (has_folder) unit.folder = run_.tree.find(path);
    LG_TRY(stage_files(unit, cache));
    if (unit.folder == k_no_folder) continue;
    unit.place = {run_.tree.parent(unit.folder), run_.tree.name(unit.folder)};
    unit.folder_is_placed = was_placed(unit, cache);
    if (unit.folder_is_placed) continue;
    const std::uint32_t parts = run_.own_folders[unit.folder].parts;
    const auto opened = open_or_make(run_, cache, parts);
    if (!opened.ok()) return opened.error();
    run_.tree.put_elsewhere(unit.folder, parts, staged_name(unit));
    // What was opened on the way to the folder's own place must not be taken for the stage.
    cache.clear();
  }
  return base::Done{};
}

base::Status RestoreUnits::stage_files(Unit& unit, FolderCache& cache) {
  const std::string& path = run_.plan.units[unit.number].path;
  for (auto* list : {&unit.parts.files, &unit.parts.done_files, &unit.parts.more_names}) {
    for (const std::uint32_t i : *list) {
      RestoreFile& file = run_.items.files[i];
      if (unit.folder != k_no_folder && lies_below(run_.item(file).path, path)) continue;
      file.stands = Stands::staged;
      file.folder = run_.own_folders[file.folder].parts;
      unit.staged.push_back(i);
      const auto parts = open_or_make(run_, cache, file.folder);
      if (!parts.ok()) return parts.error();
    }
  }
  return base::Done{};
}

/// The journal announced that the unit's folder would take its place, and there it stands.
bool RestoreUnits::was_placed(const Unit& unit, FolderCache& cache) const {
  const auto intent = run_.journal.state().intents.find(unit.items.front());
  if (intent == run_.journal.state().intents.end()) return false;
  const auto folder = cache.open(unit.place.parent);
  if (!folder.ok()) return false;
  const auto there = os::target_status_at(*folder.value(), unit.place.name, unit.place.name);
  return there.ok() && there.value().inode == intent->second.state.inode;
}

std::uint32_t RestoreUnits::stage_of(std::uint32_t number, const PlanStages& stages) const {
  const std::string& path = run_.plan.units[number].path;
  std::uint32_t stage = stages.stage_of(path);
  for (const PlanUnit& outer : run_.plan.units) {
    if (lies_below(path, outer.path)) stage = std::max(stage, stages.stage_of(outer.path));
  }
  return stage;
}

base::Status RestoreUnits::restore(FoldersMade& made, const PlanStages& stages, std::uint32_t stage) {
  for (const std::uint32_t number : order_) {
    if (stage_of(number, stages) != stage) continue;
    Unit& unit = units_[number];
    if (unit.items.empty() || run_.stop || run_.journal.state().units.contains(number)) continue;
    const PlanUnit& planned = run_.plan.units[number];
    run_.progress.step(fmt::format("unit '{} {}'", planned.kind, base::printable(planned.path)));
    if (is_left_alone(unit)) {
      run_.outcome.left_alone.push_back(planned.path);
      LG_TRY(remove_empty_stage(unit));
      continue;
    }
    LG_TRY(restore_one(unit, made));
  }
  return base::Done{};
}

/// The folders made for a unit of which nothing is put together after all. An earlier run may have left files in them:
/// those wait for a later one.
base::Status RestoreUnits::remove_empty_stage(const Unit& unit) {
  FolderCache cache(run_.tree, run_.target);
  bool has_files = false;
  for (auto it = unit.parts.folders.rbegin(); it != unit.parts.folders.rend(); ++it) {
    const std::uint32_t folder = run_.items.folders[*it].folder;
    const auto parent = cache.open(run_.tree.parent(folder));
    if (!parent.ok()) continue;
    const base::Status removed =
        run_.target.remove_empty_folder(*parent.value(), run_.tree.name(folder), run_.tree.path(folder));
    if (removed.ok() || removed.error().system_errno == ENOENT) continue;
    if (removed.error().system_errno != ENOTEMPTY) return removed;
    has_files = true;
  }
  if (has_files)
    run_.troubles.refuse(run_.plan.units[unit.number].path, "restore.parts",
                         fmt::format("what an earlier run put together of it stays in '{}' for a later one",
                                     run_.tree.path(run_.own_folders[unit.folder].parts)));
  return base::Done{};
}

std::string RestoreUnits::real_path(const std::string& path) const {
  return (run_.request.target == "/" ? std::string() : run_.request.target) + path;
}

/// As RestoreRun::placed_by, of the folder that stands there now.
std::string RestoreUnits::placed_by(const Unit& unit) const {
  const std::string& path = run_.plan.units[unit.number].path;
  FolderCache cache(run_.tree, run_.target);
  const auto folder = cache.open(unit.place.parent);
  if (!folder.ok()) return {};
  const auto status = os::target_status_at(*folder.value(), unit.place.name, path);
  return status.ok() ? run_.placed_by(path, status.value().inode) : std::string();
}

/// True: refused and reported. What was put together for its place waits there for the next run.
bool RestoreUnits::is_in_use(const Unit& unit) {
  const std::string& path = run_.plan.units[unit.number].path;
  const auto user = os::find_folder_user(real_path(path));
  if (!user) return false;
  run_.troubles.refuse(path, "restore.in-use",
                       fmt::format("{} (process {}) works in it: stop that first, then run the same command again",
                                   base::printable(user->name), user->process_id));
  return true;
}

/// Who works in what was put back since the scan need not be stopped: it would be left alone all the same. True:
/// refused and reported.
bool RestoreUnits::is_back_in_use(const Unit& unit) {
  const PlanUnit& planned = run_.plan.units[unit.number];
  const auto user = os::find_folder_user(real_path(planned.path));
  if (!user || (!planned.was_missing && look_at_struck(unit) != Struck::gone)) return false;
  run_.troubles.refuse(
      planned.path, "restore.changed",
      fmt::format("{}, and {} (process {}) works in it: it was put back since, may hold newer data, "
                  "and stays as it is. Nothing has to be stopped; to have the backup's, restore beside "
                  "it with --to",
                  planned.was_missing ? "the scan saw nothing there"
                                      : "nothing that the scan found damaged in it stands there any more",
                  base::printable(user->name), user->process_id));
  return true;
}

/// Whether what the scan found struck in the unit still stands there.
RestoreUnits::Struck RestoreUnits::look_at_struck(const Unit& unit) const {
  std::unique_lock turn(run_.case_mutex);
  std::map<std::string, SeenFile> struck = run_.request.seen->find_struck_below(run_.plan.units[unit.number].path);
  for (const std::uint32_t number : unit.items) {
    const std::string& path = run_.plan.items[number].current_path;
    const std::optional<SeenFile> seen = path.empty() ? std::nullopt : run_.request.seen->find_seen(path);
    if (seen) struck.insert_or_assign(path, *seen);
  }
  turn.unlock();
  bool is_any_there = false;
  bool was_encrypted = false;
  for (const auto& [path, seen] : struck) {
    const bool is_there = stands_as_seen(real_path(path), seen);
    if (is_there && is_encrypted(seen)) return Struck::encrypted;
    is_any_there = is_any_there || is_there;
    was_encrypted = was_encrypted || is_encrypted(seen);
  }
  if (struck.empty()) return Struck::unseen;
  // What was in doubt before may come back as it was: that the encrypted files are gone says more.
  return is_any_there && !was_encrypted ? Struck::in_doubt : Struck::gone;
}

/// In place. True: refused and reported, because a server uses what stands there, or because it is not what the scan
/// saw: put back since, it may hold what was committed since.
bool RestoreUnits::is_left_alone(const Unit& unit) {
  if (!run_.in_place() || unit.folder == k_no_folder || unit.folder_is_placed) return false;
  const PlanUnit& planned = run_.plan.units[unit.number];
  if (is_back_in_use(unit) || is_in_use(unit)) return true;
  if (planned.was_missing && holds_anything(real_path(planned.path))) {
    const std::string who = placed_by(unit);
    run_.troubles.refuse(planned.path, "restore.changed",
                         fmt::format("the scan saw nothing there, and something stands there now: {}, and may "
                                     "hold newer data. Scan it again, or restore beside it with --to",
                                     who.empty() ? "it was put back since" : who + " put it back"));
    return true;
  }
  const Struck struck = look_at_struck(unit);
  if (struck == Struck::encrypted) return false;
  if (struck == Struck::in_doubt || struck == Struck::unseen) return is_whole_as_it_stands(unit, struck);
  const FaultInPlace fault = find_fault_in_place(planned.kind, real_path(planned.path), {real_path("")});
  const std::string who = placed_by(unit);
  const std::string seen = "nothing that the scan found damaged in it stands there any more: " +
                           (who.empty() ? "it was put back or changed since" : who + " put it back");
  if (fault.sentence.empty())
    run_.troubles.refuse(planned.path, "restore.changed",
                         seen + ", and may hold newer data. Scan it again, or restore beside it with --to");
  else
    run_.troubles.refuse(
        planned.path, "restore.damaged",
        fmt::format("{}, and what stands there now is damaged: {}. Start nothing on it. Scan it again: "
                    "a plan then says what it would give up; or restore beside it with --to",
                    seen, fault.sentence));
  return true;
}

/// No file of it is encrypted, as the newest scan says, which may be newer than the plan: before newer data give way to
/// a backup, its own kind decides. True: refused and reported.
bool RestoreUnits::is_whole_as_it_stands(const Unit& unit, Struck struck) {
  const PlanUnit& planned = run_.plan.units[unit.number];
  const auto kind = engines::find_unit_kind(planned.kind);
  const auto view = engines::open_evidence_view(real_path(planned.path), real_path(""));
  if (!kind || !view.ok()) return false;
  run_.progress.step(fmt::format("looking whether '{}' is whole as it stands", base::printable(planned.path)));
  const auto report = engines::check_unit(*view.value(), {.kind = *kind, .path = {}}, model::Depth::standard);
  if (!report.ok() || !engines::is_usable(report.value().verdict)) return false;
  const std::string_view doubt = !planned.fault_in_place.empty() ? "though it was not when this was planned"
                                 : struck == Struck::in_doubt    ? "though the scan has something against a file of it"
                                                                 : "and no scan has anything against it now";
  // Nobody knows whether it is this service's: the empty one of a new machine is whole, too.
  const bool is_unstruck = struck == Struck::unseen && planned.fault_in_place.empty();
  run_.troubles.refuse(planned.path, is_unstruck ? "restore.unstruck" : "restore.whole",
                       fmt::format("what stands there is whole ({}), {}: it was left alone. To have the backup's, "
                                   "move it away and run the same command again, or restore beside it with --to",
                                   engines::name_of(report.value().verdict), doubt));
  return true;
}

base::Status RestoreUnits::restore_one(Unit& unit, FoldersMade& made) {
  LG_TRY(restore_files(run_, unit.parts.files));
  if (run_.stop) return base::Done{};
  LG_TRY(link_more_names(run_, unit.parts.more_names));
  LG_TRY(place_others(run_, unit.parts.others));
  LG_TRY(finish_folders(run_, made, unit.parts.folders));
  if (run_.synced()) LG_TRY(run_.target.sync_all(run_.mounts));
  if (!is_whole(unit)) {
    run_.troubles.refuse(run_.plan.units[unit.number].path, "restore.unit",
                         fmt::format("the {} is not whole and was left in '{}'; a part of it would be worse than none",
                                     run_.plan.units[unit.number].kind, k_parts_folder));
    return base::Done{};
  }
  return put_in_place(unit);
}

/// Every item of the plan that belongs to the unit stands in the stage now.
bool RestoreUnits::is_whole(const Unit& unit) const {
  for (const std::uint32_t item : unit.items) {
    if (run_.plan.items[item].kind == model::EntryKind::regular && !run_.journal.state().is_done(item)) return false;
  }
  const auto counted = [&](const std::vector<ItemTrouble>& troubles) {
    const std::string& path = run_.plan.units[unit.number].path;
    return std::any_of(troubles.begin(), troubles.end(), [&](const ItemTrouble& trouble) {
      return trouble.path == path || lies_below(trouble.path, path);
    });
  };
  return !counted(run_.outcome.refused);
}

base::Status RestoreUnits::put_in_place(Unit& unit) {
  LG_ASSIGN(bool placed, put_folder_in_place(unit));
  if (placed) {
    LG_ASSIGN(placed, put_files_in_place(unit));
  }
  if (!placed) return base::Done{};
  if (run_.synced()) LG_TRY(run_.target.sync_all(run_.mounts));
  run_.units_placed.insert(unit.number);
  return run_.journal.append(UnitRecord{unit.number});
}

/// False: refused and reported.
base::Result<bool> RestoreUnits::put_folder_in_place(Unit& unit) {
  if (unit.folder == k_no_folder) return true;
  if (unit.folder_is_placed) return keep_old_folder(unit, run_.journal.state().intents.at(unit.items.front()));
  FolderCache cache(run_.tree, run_.target);
  const std::string path = run_.plan.units[unit.number].path;
  LG_ASSIGN(const os::Descriptor* staged_in, cache.open(run_.own_folders[unit.folder].parts));
  LG_ASSIGN(const os::TargetStatus staged, os::target_status_at(*staged_in, staged_name(unit), path));
  FolderCache place_cache(run_.tree, run_.target);
  LG_ASSIGN(const os::Descriptor* place, place_cache.open(unit.place.parent));
  const auto there = os::target_status_at(*place, unit.place.name, path);
  IntentEntry intent{.item = unit.items.front(), .state = {.inode = staged.inode}};
  if (there.ok() && (!run_.in_place() || there.value().kind != os::TargetKind::folder)) {
    run_.troubles.refuse(path, "restore.exists", "something stands there that the plan does not know of");
    run_.outcome.left_alone.push_back(path);
    return false;
  }
  // Putting it together took its time: a server may have been started meanwhile.
  if (there.ok() && is_in_use(unit)) {
    run_.outcome.left_alone.push_back(path);
    return false;
  }
  if (there.ok()) {
    intent.original = {there.value().inode, 0, there.value().mtime_ns, {}};
    intent.kept_path = run_.tree.path(run_.own_folders[unit.folder].kept);
  }
  LG_TRY(run_.journal.append(IntentsRecord{{intent}}));
  if (!there.ok()) {
    LG_TRY(run_.target.move_new(*staged_in, staged_name(unit), *place, unit.place.name, path));
  } else {
    const auto entry = run_.ledger.append("unit-moved-aside", {{"plan_sha256", run_.request.plan_sha256},
                                                               {"journal", run_.journal.path()},
                                                               {"path", path},
                                                               {"kept_path", intent.kept_path}});
    if (!entry.ok()) return entry.error();
    LG_TRY(run_.target.exchange(*staged_in, staged_name(unit), *place, unit.place.name, path));
    LG_ASSIGN(const bool kept, keep_old_folder(unit, intent));
    if (!kept) return false;
  }
  run_.tree.put_elsewhere(unit.folder, unit.place.parent, unit.place.name);
  return true;
}

/// What waits under the staged name is the old folder: it moves to the kept tree.
base::Result<bool> RestoreUnits::keep_old_folder(Unit& unit, const IntentEntry& intent) {
  if (intent.original.inode == 0) return true;
  FolderCache cache(run_.tree, run_.target);
  LG_ASSIGN(const os::Descriptor* staged_in, cache.open(run_.own_folders[unit.folder].parts));
  const auto waiting = os::target_status_at(*staged_in, staged_name(unit), intent.kept_path);
  if (!waiting.ok() && waiting.error().system_errno == ENOENT) return true;
  if (!waiting.ok() || waiting.value().inode != intent.original.inode) return true;
  FolderCache kept_cache(run_.tree, run_.target);
  const std::uint32_t kept = run_.own_folders[unit.folder].kept;
  LG_ASSIGN(const os::Descriptor* to, open_or_make(run_, kept_cache, run_.tree.parent(kept)));
  LG_TRY(run_.target.move_new(*staged_in, staged_name(unit), *to, run_.tree.name(kept), intent.kept_path));
  ++run_.outcome.tally.kept;
  return true;
}

/// Files outside of the unit's folder, which wait under hidden names: all are looked at before the first moves.
base::Result<bool> RestoreUnits::put_files_in_place(Unit& unit) {
  if (unit.staged.empty()) return true;
  WorkerTools tools(run_);
  auto batch = std::make_unique<FileBatch>();
  for (const std::uint32_t index : unit.staged) {
    RestoreFile& file = run_.items.files[index];
    const PlanItem& item = run_.item(file);
    LG_ASSIGN(const os::Descriptor* parts, tools.kept_folders.open(file.folder));
    WrittenFile written;
    written.file = index;
    written.hidden_in = file.folder;
    written.opened.hidden_name = run_.hidden_name(file.item);
    const auto staged = os::target_status_at(*parts, written.opened.hidden_name, item.path);
    file.folder = run_.tree.find(std::string_view(item.path).substr(0, item.path.rfind('/')));
    file.stands = Stands::leaving;
    if (!staged.ok() && staged.error().system_errno == ENOENT) continue;  // an earlier run placed it
    if (!staged.ok()) return staged.error();
    written.state = run_.journal.state().linkable.at(file.item);
    if (staged.value().inode != written.state.inode) {
      LG_ASSIGN(const bool kept, keep_old_file(file, *parts));
      if (!kept) return false;
      continue;
    }
    LG_ASSIGN(Standing standing, look_at_place(run_, tools.folders, file));
    if (standing.answer == Standing::Answer::refused) return false;
    if (standing.answer == Standing::Answer::damaged) {
      written.original = standing.original;
      written.kept_path = std::move(standing.kept_path);
    }
    batch->files.push_back(index);
    batch->written.push_back(std::move(written));
  }
  FileBatches batches;
  FileBatch& placed = *batch;
  batches.push_back(std::move(batch));
  LG_TRY(announce_moves(run_, batches));
  LG_TRY(run_.journal.sync());
  LG_TRY(name_batch(run_, tools, placed));
  run_.outcome.tally.kept += placed.kept;
  return placed.done.size() == placed.files.size();
}

/// An earlier run was interrupted after the exchange: under the hidden name waits the damaged file.
base::Result<bool> RestoreUnits::keep_old_file(const RestoreFile& file, const os::Descriptor& parts) {
  const std::string name = run_.hidden_name(file.item);
  const PlanItem& item = run_.item(file);
  const auto intent = run_.journal.state().intents.find(file.item);
  const auto waiting = os::target_status_at(parts, name, item.path);
  if (intent == run_.journal.state().intents.end() || !waiting.ok() ||
      waiting.value().inode != intent->second.original.inode) {
    run_.troubles.refuse(item.path, "restore.staged", "what waits for its place is not what was put there");
    return false;
  }
  FolderCache cache(run_.tree, run_.target);
  LG_ASSIGN(const os::Descriptor* to, open_or_make(run_, cache, run_.own_folders[file.folder].kept));
  LG_TRY(run_.target.move_new(parts, name, *to, name_in(intent->second.kept_path), item.path));
  ++run_.outcome.tally.kept;
  return true;
}

}  // namespace lastgood::recovery::restore
