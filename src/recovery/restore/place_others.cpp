// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/place_others.h"

#include <cerrno>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "recovery/restore/file_batch.h"

namespace lastgood::recovery::restore {

namespace {

/// The file that stands under the first name, when it is the one that this restore put there.
base::Result<std::optional<WrittenFile>> find_first(RestoreRun& run, WorkerTools& tools, std::uint32_t index) {
  std::optional<WrittenFile> none;
  const PlanItem& item = run.item(run.items.files[index]);
  const RestoreFile& first = run.items.files[run.items.first_of[index - run.items.more_names_from]];
  const auto& linkable = run.journal.state().linkable;
  const auto state = linkable.find(first.item);
  if (!run.journal.state().is_done(first.item) || state == linkable.end()) {
    run.troubles.refuse(
        item.path, "restore.first-name",
        "it is the same file as '" + base::printable(run.item(first).path) + "', which was not restored");
    return none;
  }
  auto folder = tools.kept_folders.open(first.folder);
  auto node = folder.ok() ? run.target.open_node(*folder.value(), run.name_of(first), item.path)
                          : base::Result<os::Descriptor>(folder.error());
  if (!node.ok()) return std::move(node).error();
  LG_ASSIGN(const os::TargetStatus status, os::target_status(node.value(), item.path));
  if (status.kind != os::TargetKind::regular || status.inode != state->second.inode) {
    run.troubles.refuse(item.path, "restore.first-name", "another file stands under the first name by now");
    return none;
  }
  LG_ASSIGN(Standing standing, look_at_place(run, tools.folders, run.items.files[index]));
  if (standing.answer == Standing::Answer::refused) return none;
  WrittenFile out;
  out.file = index;
  out.opened.file = std::move(node).value();
  out.state = state->second;
  if (standing.answer == Standing::Answer::damaged) {
    out.original = standing.original;
    out.kept_path = std::move(standing.kept_path);
  }
  return std::optional<WrittenFile>(std::move(out));
}

base::Status link_batch(RestoreRun& run, WorkerTools& tools, std::unique_ptr<FileBatch> batch) {
  for (const std::uint32_t index : batch->files) {
    base::Result<std::optional<WrittenFile>> first = find_first(run, tools, index);
    if (first.ok()) {
      if (first.value()) batch->written.push_back(std::move(*first.value()));
    } else if (os::stops_restore(first.error())) {
      return std::move(first).error();
    } else {
      run.troubles.refuse(run.item(run.items.files[index]).path, "restore.target", first.error().what);
    }
  }
  FileBatch& linked = *batch;
  FileBatches batches;
  batches.push_back(std::move(batch));
  if (run.in_place()) {
    LG_TRY(announce_moves(run, batches));
    LG_TRY(run.journal.sync());
  }
  LG_TRY(name_batch(run, tools, linked));
  linked.done_bytes = 0;  // counted with the first name
  linked.written.clear();
  if (run.synced()) LG_TRY(run.target.sync_all(run.mounts));
  LG_TRY(record_done(run, batches));
  if (run.synced()) LG_TRY(run.journal.sync());
  count_done(run, batches);
  run.tell();
  return base::Done{};
}

/// True when what stands there is already what we would put there: an earlier run did.
bool stands_already(RestoreRun& run, const os::Descriptor& folder, const std::string& name, const RestoreFile& node,
                    const ItemExtras& extras) {
  if (!run.journal.state().resumed) return false;
  const auto status = os::target_status_at(folder, name, name);
  if (!status.ok() || status.value().kind != target_kind(node.kind)) return false;
  if (node.kind != model::EntryKind::link) return status.value().device_number == extras.device_number;
  const auto target = os::read_target_link(folder, name, name);
  return target.ok() && target.value() == extras.link_target;
}

base::Status make_node(RestoreRun& run, const os::Descriptor& folder, const std::string& name, const RestoreFile& node,
                       const ItemExtras& extras, const std::string& path) {
  base::Status made = node.kind == model::EntryKind::link
                          ? run.target.make_link(folder, name, extras.link_target, path)
                          : run.target.make_node(folder, name, target_kind(node.kind), extras.device_number, path);
  if (made.ok() || made.error().system_errno != EEXIST || !stands_already(run, folder, name, node, extras)) return made;
  return base::Done{};
}

base::Status place_node(RestoreRun& run, FolderCache& cache, const RestoreFile& node) {
  const PlanItem& item = run.item(node);
  const bool device = node.kind == model::EntryKind::character_device || node.kind == model::EntryKind::block_device;
  if (device && run.request.policy.devices == RestorePolicy::Devices::leave_out) {
    run.troubles.refuse(item.path, "restore.device", "devices are restored only if asked for");
    return base::Done{};
  }
  if (node.kind == model::EntryKind::socket) {
    run.troubles.remark(item.path, "restore.socket", "sockets are made by the programs that listen; left out");
    return base::Done{};
  }
  static const ItemExtras k_no_extras;
  const ItemExtras& extras = node.carried.extras == k_no_index ? k_no_extras : run.items.extras[node.carried.extras];
  LG_ASSIGN(const os::Descriptor* folder, cache.open(node.folder));
  const std::string name = run.name_of(node);
  LG_TRY(make_node(run, *folder, name, node, extras, item.path));
  LG_TRY(put_node_metadata(run.rules, *folder, name, node.carried, node.kind, item.path, run.troubles));
  ++run.outcome.tally.others;
  DoneState state{
      .size_bytes = extras.link_target.size(),
      .hash = content_hash(base::ByteView(std::string_view(extras.link_target)), run.journal.state().header.seed),
      .mode = node.carried.mode,
      .user_id = node.carried.user_id,
      .group_id = node.carried.group_id,
      .mtime_ns = node.carried.mtime_ns};
  run.late_done.push_back({node.item, state});
  return base::Done{};
}

}  // namespace

os::TargetKind target_kind(model::EntryKind kind) {
  switch (kind) {
    case model::EntryKind::fifo: return os::TargetKind::fifo;
    case model::EntryKind::character_device: return os::TargetKind::character_device;
    case model::EntryKind::block_device: return os::TargetKind::block_device;
    case model::EntryKind::link: return os::TargetKind::link;
    case model::EntryKind::socket: return os::TargetKind::socket;
    case model::EntryKind::folder: return os::TargetKind::folder;
    case model::EntryKind::regular: break;
  }
  return os::TargetKind::regular;
}

base::Status link_more_names(RestoreRun& run, const std::vector<std::uint32_t>& files) {
  WorkerTools tools(run);
  for (std::size_t from = 0; from < files.size() && !run.stop; from += k_batch_files_max) {
    auto batch = std::make_unique<FileBatch>();
    const std::size_t to = std::min(files.size(), from + k_batch_files_max);
    batch->files.assign(files.begin() + static_cast<std::ptrdiff_t>(from),
                        files.begin() + static_cast<std::ptrdiff_t>(to));
    LG_TRY(link_batch(run, tools, std::move(batch)));
    if (run.progress.cancelled()) run.stop = true;
  }
  return base::Done{};
}

base::Status place_others(RestoreRun& run, const std::vector<std::uint32_t>& others) {
  FolderCache cache(run.tree, run.target);
  for (const std::uint32_t index : others) {
    const RestoreFile& node = run.items.others[index];
    const base::Status status = place_node(run, cache, node);
    if (!status.ok()) {
      if (os::stops_restore(status.error())) return status;
      run.troubles.refuse(run.item(node).path, "restore.target", status.error().what);
    }
  }
  return base::Done{};
}

base::Status flag_files(RestoreRun& run, const std::vector<std::uint32_t>& files) {
  FolderCache cache(run.tree, run.target);
  for (const std::uint32_t index : files) {
    const RestoreFile& file = run.items.files[index];
    if (file.carried.extras == k_no_index || run.items.extras[file.carried.extras].flags == 0) continue;
    if (!run.journal.state().is_done(file.item)) continue;
    const PlanItem& item = run.item(file);
    LG_ASSIGN(const os::Descriptor* folder, cache.open(file.folder));
    const auto opened = run.target.open_file(*folder, run.name_of(file), os::RestoreTarget::Access::read, item.path);
    if (!opened.ok()) {
      if (os::stops_restore(opened.error())) return opened.error();
      run.troubles.remark(item.path, "restore.flags", opened.error().what);
      continue;
    }
    LG_TRY(put_flags(run.rules, opened.value(), file.carried, item.path, run.troubles));
  }
  return base::Done{};
}

}  // namespace lastgood::recovery::restore
