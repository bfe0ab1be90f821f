// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/file_batch.h"

#include <iterator>
#include <optional>
#include <utility>

#include "recovery/restore/share_blocks.h"

namespace lastgood::recovery::restore {

namespace {

/// nullopt: refused or lost, and reported.
base::Result<std::optional<WrittenFile>> write_file(RestoreRun& run, WorkerTools& tools, std::uint32_t index) {
  const RestoreFile& file = run.items.files[index];
  const PlanItem& item = run.item(file);
  std::optional<WrittenFile> none;
  LG_ASSIGN(Standing standing, look_at_place(run, tools.folders, file));
  if (standing.answer == Standing::Answer::refused) return none;
  auto content = open_filled_content(run, file);
  if (!content.ok()) {
    if (content.error().code != base::ErrorCode::damaged_source) return std::move(content).error();
    run.troubles.incomplete({item.path, {}, {{0, item.size_bytes}}});
    return none;
  }
  FilledContent& bytes = *content.value();
  LG_ASSIGN(const os::Descriptor* folder, tools.folders.open(file.folder));
  WrittenFile out;
  out.file = index;
  LG_ASSIGN(out.opened, run.target.make_file(*folder, run.hidden_name(file.item), item.path));
  const os::Descriptor& opened = out.opened.file;
  auto written = share_or_write(run, file, bytes, opened, tools.buffers);
  if (!written.ok()) {
    if (written.error().code != base::ErrorCode::damaged_source) return std::move(written).error();
    run.troubles.refuse(item.path, "restore.pieces", written.error().what);
    return none;
  }
  if (bytes.size_bytes() != item.size_bytes || written.value().length_bytes != item.size_bytes) {
    run.troubles.refuse(item.path, "restore.length", "the content's pieces do not add up to its size");
    return none;
  }
  // Holes at the end, and lost pieces there, are not written.
  if (written.value().written_to < item.size_bytes) {
    LG_TRY(run.target.set_size(opened, item.size_bytes, item.path));
  }
  out.lost = std::move(written.value().lost);
  out.fills = bytes.take_fills(0, item.size_bytes);
  out.state.size_bytes = item.size_bytes;
  out.state.hash = written.value().hash;
  LG_TRY(put_metadata(run.rules, opened, file.carried, file.kind, item.path, run.troubles, out.state));
  if (file.link_group != 0 || run.in_place() || file.stands == Stands::staged) {
    LG_ASSIGN(const os::TargetStatus status, os::target_status(opened, item.path));
    out.state.inode = status.inode;
  }
  if (item.unit != PlanItem::k_no_unit && run.synced()) LG_TRY(run.target.sync_file(opened, item.path));
  if (standing.answer == Standing::Answer::damaged) {
    out.original = standing.original;
    out.kept_path = std::move(standing.kept_path);
  }
  return std::optional<WrittenFile>(std::move(out));
}

/// The target's refusals of one name end with that name; those of the source and of the whole target do not.
bool is_about_one_file(const base::Error& error) { return error.system_errno != 0 && !os::stops_restore(error); }

}  // namespace

base::Status write_batch(RestoreRun& run, WorkerTools& tools, FileBatch& batch) {
  batch.written.reserve(batch.files.size());
  for (const std::uint32_t index : batch.files) {
    base::Result<std::optional<WrittenFile>> written = write_file(run, tools, index);
    if (written.ok()) {
      if (written.value()) batch.written.push_back(std::move(*written.value()));
    } else if (is_about_one_file(written.error())) {
      run.troubles.refuse(run.item(run.items.files[index]).path, "restore.target", written.error().what);
    } else {
      return std::move(written).error();
    }
  }
  return base::Done{};
}

base::Status write_segment(RestoreRun& run, WorkerTools& tools, Segment& segment) {
  LargeFile& large = *segment.large;
  const PlanItem& item = run.item(run.items.files[large.file]);
  const PieceSpan span = large.spans[segment.span];
  if (large.shared == os::RestoreTarget::Shared::yes) {
    LG_ASSIGN(std::optional<WrittenContent> shared,
              read_shared(run, *large.content, span, large.part, tools.buffers, item.path));
    if (shared) {
      segment.content = std::move(*shared);
      return base::Done{};
    }
  }
  LG_ASSIGN(segment.content, write_content(run.target, large.part, *large.content, span, tools.buffers, run.stop,
                                           item.path, large.one_writer.get()));
  const std::uint64_t from = segment.content.offset_bytes;
  segment.fills = large.content->take_fills(from, from + segment.content.length_bytes);
  return base::Done{};
}

base::Status name_batch(RestoreRun& run, WorkerTools& tools, FileBatch& batch) {
  for (WrittenFile& written : batch.written) {
    const RestoreFile& file = run.items.files[written.file];
    LG_ASSIGN(const Placed placed, place_file(run, tools.folders, tools.kept_folders, written));
    if (placed == Placed::done) {
      batch.done.push_back({file.item, written.state});
      batch.done_bytes += written.state.size_bytes;
      if (written.original) ++batch.kept;
      std::move(written.fills.begin(), written.fills.end(), std::back_inserter(batch.fills));
    } else if (placed == Placed::incomplete) {
      batch.incomplete.push_back({file.item, std::move(written.lost)});
      std::move(written.fills.begin(), written.fills.end(), std::back_inserter(batch.fills_in_part));
    }
  }
  return base::Done{};
}

}  // namespace lastgood::recovery::restore
