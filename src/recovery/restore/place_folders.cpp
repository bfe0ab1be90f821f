// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/place_folders.h"

#include <algorithm>
#include <cerrno>
#include <set>

#include <fmt/format.h>

#include "engines/startable_mode.h"

namespace lastgood::recovery::restore {

namespace {

/// By folder: the topmost folder of the file system it is on.
base::Result<std::vector<std::uint32_t>> find_mount_tops(RestoreRun& run, std::uint32_t folders) {
  std::vector<std::uint32_t> tops(folders, 0);
  if (!run.in_place()) return tops;
  FolderCache cache(run.tree, run.target);
  std::vector<std::uint64_t> mounts(folders, 0);
  LG_ASSIGN(const os::TargetStatus root, os::target_status(run.target.root(), run.target.path()));
  mounts[0] = root.mount;
  for (std::uint32_t folder = 1; folder < folders; ++folder) {
    const std::uint32_t parent = run.tree.parent(folder);
    tops[folder] = tops[parent];
    mounts[folder] = mounts[parent];
    const auto opened = cache.open(folder);
    if (!opened.ok()) continue;  // missing ones will be made on their parent's file system
    LG_ASSIGN(const os::TargetStatus status, os::target_status(*opened.value(), run.tree.path(folder)));
    if (status.mount == mounts[parent]) continue;
    mounts[folder] = status.mount;
    tops[folder] = folder;
  }
  return tops;
}

base::Status make_one(RestoreRun& run, FolderCache& cache, std::uint32_t folder, const std::string& path) {
  LG_ASSIGN(const os::Descriptor* parent, cache.open(run.tree.parent(folder)));
  base::Status made = run.target.make_folder(*parent, run.tree.name(folder), path);
  if (!made.ok() && made.error().system_errno != EEXIST) return made;
  // What is there already must be a folder, reached without a link.
  const auto opened = cache.open(folder);
  return opened.ok() ? base::Status(base::Done{}) : base::Status(opened.error());
}

/// In place: what is missing is written down before it is made, so that a later run knows that it is ours.
base::Status announce_folders(RestoreRun& run, FolderCache& cache, FoldersMade& made) {
  FoldersRecord record;
  for (std::size_t i = 0; i < run.items.folders.size(); ++i) {
    const std::uint32_t folder = run.items.folders[i].folder;
    std::string path = run.tree.path(folder);
    if (run.journal.state().folders_made.contains(path)) {
      made[i] = 1;
      continue;
    }
    const auto opened = cache.open(folder);
    if (opened.ok() || opened.error().system_errno != ENOENT) continue;
    made[i] = 1;
    record.paths.push_back(std::move(path));
    if (record.paths.size() < k_entries_per_record) continue;
    LG_TRY(run.journal.append(record));
    record.paths.clear();
  }
  return record.paths.empty() ? base::Status(base::Done{}) : run.journal.append(record);
}

/// What the folder carries, but for rights with which its database's server would refuse to start on it.
Carried carried_of(const RestoreRun& run, const RestoreFolder& folder) {
  Carried carried = folder.carried;
  if (folder.item == k_no_index) return carried;
  const PlanItem& item = run.plan.items[folder.item];
  if (item.unit == PlanItem::k_no_unit || run.plan.units[item.unit].path != item.path) return carried;
  carried.mode = engines::startable_mode(run.plan.units[item.unit].kind, carried.mode);
  if (carried.mode != folder.carried.mode)
    run.troubles.remark(item.path, "restore.mode",  // not where it is put together
                        fmt::format("mode {:04o} lets others in, and PostgreSQL does not start on such a folder; "
                                    "restored as {:04o}",
                                    folder.carried.mode, carried.mode));
  return carried;
}

}  // namespace

base::Result<const os::Descriptor*> open_or_make(RestoreRun& run, FolderCache& cache, std::uint32_t folder) {
  auto opened = cache.open(folder);
  if (opened.ok() || opened.error().system_errno != ENOENT) return opened;
  std::vector<std::uint32_t> down;
  for (std::uint32_t at = folder; at != 0 && !cache.open(at).ok(); at = run.tree.parent(at)) down.push_back(at);
  for (auto it = down.rbegin(); it != down.rend(); ++it) {
    LG_TRY(make_one(run, cache, *it, run.tree.path(*it)));
  }
  return cache.open(folder);
}

base::Status prepare_own_folders(RestoreRun& run) {
  const std::uint32_t folders = run.tree.size();
  LG_ASSIGN(const std::vector<std::uint32_t> tops, find_mount_tops(run, folders));
  run.own_folders.assign(folders, {});
  const std::string kept_below = "/" + std::string(k_kept_folder) + "/" + run.request.plan_sha256.substr(0, 16);
  for (std::uint32_t folder = 0; folder < folders; ++folder) {
    const std::string top = run.tree.path(tops[folder]);
    run.own_folders[folder].parts = run.tree.add(top + "/" + std::string(k_parts_folder));
    if (run.in_place()) {
      run.own_folders[folder].kept = run.tree.add(top + kept_below + run.tree.path(folder).substr(top.size()));
    }
  }
  FolderCache cache(run.tree, run.target);
  for (const std::uint32_t top : std::set<std::uint32_t>(tops.begin(), tops.end())) {
    LG_ASSIGN(const os::Descriptor* opened, cache.open(top));
    LG_ASSIGN(os::Descriptor readable, run.target.reopen_folder(*opened, run.tree.path(top)));
    run.mounts.push_back(std::move(readable));
  }
  return base::Done{};
}

base::Result<FoldersMade> make_folders(RestoreRun& run) {
  FolderCache cache(run.tree, run.target);
  FoldersMade made(run.items.folders.size(), run.in_place() ? 0 : 1);
  if (run.in_place()) LG_TRY(announce_folders(run, cache, made));
  for (std::size_t i = 0; i < made.size(); ++i) {
    const std::uint32_t folder = run.items.folders[i].folder;
    const std::string path = run.tree.path(folder);
    const base::Status status = made[i] != 0 ? make_one(run, cache, folder, path) : base::Status(base::Done{});
    if (status.ok()) continue;
    if (os::stops_restore(status.error())) return status.error();
    made[i] = 0;
    run.troubles.refuse(path, "restore.folder", status.error().what);
  }
  return made;
}

base::Status finish_folders(RestoreRun& run, const FoldersMade& made, const std::vector<std::uint32_t>& folders) {
  FolderCache cache(run.tree, run.target);
  for (auto it = folders.rbegin(); it != folders.rend(); ++it) {
    if (made[*it] == 0) continue;
    const RestoreFolder& folder = run.items.folders[*it];
    const std::string path = run.tree.path(folder.folder);
    const auto opened = cache.open(folder.folder);
    auto readable =
        opened.ok() ? run.target.reopen_folder(*opened.value(), path) : base::Result<os::Descriptor>(opened.error());
    if (!readable.ok()) {
      if (os::stops_restore(readable.error())) return readable.error();
      run.troubles.remark(path, "restore.folder", readable.error().what);
      continue;
    }
    DoneState state;
    LG_TRY(put_metadata(run.rules, readable.value(), carried_of(run, folder), model::EntryKind::folder, path,
                        run.troubles, state));
    LG_TRY(put_flags(run.rules, readable.value(), folder.carried, path, run.troubles));
    if (folder.item == k_no_index) continue;
    ++run.outcome.tally.folders;
    run.late_done.push_back({folder.item, state});
  }
  return base::Done{};
}

base::Status remove_own_folders(RestoreRun& run) {
  FolderCache cache(run.tree, run.target);
  std::set<std::uint32_t> parts;
  for (const OwnFolders& own : run.own_folders) parts.insert(own.parts);
  for (const std::uint32_t folder : parts) {
    if (!cache.open(folder).ok()) continue;
    LG_ASSIGN(const os::Descriptor* parent, cache.open(run.tree.parent(folder)));
    const base::Status removed = run.target.remove_empty_folder(*parent, run.tree.name(folder), run.tree.path(folder));
    // Parts of files that could not be finished stay for the next run.
    if (!removed.ok() && removed.error().system_errno != ENOTEMPTY) return removed;
  }
  return base::Done{};
}

}  // namespace lastgood::recovery::restore
