// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/share_blocks.h"

#include <algorithm>
#include <utility>

#include "recovery/restore/restore_item.h"

namespace lastgood::recovery::restore {

namespace {

using Shared = os::RestoreTarget::Shared;

// A file may have been broken since; a source that opens none of so many is asked no more.
constexpr unsigned k_tries_max = 16;

/// With a file that nobody sees, in the folder where the first of them belongs.
Shared try_sharing(RestoreRun& run, const RestoreFile& file, const os::EvidenceFile& from) {
  FolderCache cache(run.tree, run.target);
  const auto own_folder = cache.open(file.folder);
  const os::Descriptor& folder = own_folder.ok() ? *own_folder.value() : run.target.root();
  const std::string& path = run.item(file).path;
  const auto made = run.target.make_file(folder, run.hidden_name(file.item), path);
  if (!made.ok()) return Shared::no;
  const auto shared = run.target.share_blocks(made.value().file, from, path);
  if (!made.value().hidden_name.empty()) {
    base::ignore_error(run.target.remove_file(folder, made.value().hidden_name, path),
                       "the file itself will replace it");
  }
  return shared.ok() ? shared.value() : Shared::no;
}

bool is_unchanged(const os::EvidenceFile& file) {
  const auto now = file.status_now();
  const os::FileStatus& then = file.status();
  return now.ok() && now.value().size_bytes == then.size_bytes && now.value().mtime_ns == then.mtime_ns &&
         now.value().ctime_ns == then.ctime_ns;
}

}  // namespace

void find_sharing(RestoreRun& run) {
  run.shares.assign(run.sources.size(), 0);
  if (run.request.policy.sharing == RestorePolicy::Sharing::never) return;
  std::vector<unsigned> tries_left(run.sources.size(), k_tries_max);
  for (std::uint32_t i = 0; i < run.items.more_names_from; ++i) {
    const RestoreFile& file = run.items.files[i];
    const PlanItem& item = run.item(file);
    if (tries_left[file.source] == 0 || item.size_bytes < k_share_bytes_min) continue;
    const auto content = run.sources[file.source]->open_content({item.content_key, item.size_bytes, file.handle});
    --tries_left[file.source];
    if (!content.ok()) continue;
    tries_left[file.source] = 0;
    const os::EvidenceFile* own = content.value()->own_file();
    if (own != nullptr && try_sharing(run, file, *own) == Shared::yes) run.shares[file.source] = 1;
  }
}

base::Result<Shared> share_content(RestoreRun& run, const RestoreFile& file, const FilledContent& content,
                                   const os::Descriptor& opened) {
  const PlanItem& item = run.item(file);
  const os::EvidenceFile* own = content.own_file();
  if (run.shares[file.source] == 0 || own == nullptr || item.size_bytes < k_share_bytes_min ||
      own->size_bytes() != item.size_bytes) {
    return Shared::no;
  }
  LG_ASSIGN(const Shared shared, run.target.share_blocks(opened, *own, item.path));
  if (shared == Shared::no) return shared;
  LG_ASSIGN(const os::TargetStatus status, os::target_status(opened, item.path));
  // Written to meanwhile: piece by piece it is told what can still be had.
  if (!is_unchanged(*own) || status.size_bytes != item.size_bytes) {
    LG_TRY(run.target.set_size(opened, 0, item.path));
    return Shared::no;
  }
  run.shared_bytes += item.size_bytes;
  return shared;
}

base::Result<std::optional<WrittenContent>> read_shared(RestoreRun& run, const FilledContent& content, PieceSpan span,
                                                        const os::Descriptor& opened, WriteBuffers& buffers,
                                                        std::string_view path) {
  const sources::Content::Piece first = content.piece(span.from);
  const sources::Content::Piece last = content.piece(span.to - 1);
  WrittenContent out;
  out.offset_bytes = first.offset_bytes;
  out.length_bytes = last.offset_bytes + last.length_bytes - first.offset_bytes;
  out.written_to = out.offset_bytes + out.length_bytes;
  buffers.hash.begin();
  for (std::uint64_t at = out.offset_bytes; at < out.written_to;) {
    if (run.stop.load(std::memory_order_relaxed)) return stopped_error();
    buffers.piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(k_read_bytes, out.written_to - at)));
    const auto got = os::read_at(opened, at, buffers.piece, path);
    if (!got.ok() || got.value() != buffers.piece.size()) {
      LG_TRY(run.target.make_hole(opened, out.offset_bytes, out.length_bytes, path));
      run.shared_bytes -= out.length_bytes;
      return std::optional<WrittenContent>();
    }
    buffers.hash.update(base::ByteView(std::span<const std::uint8_t>(buffers.piece)));
    at += got.value();
  }
  out.hash = buffers.hash.finish();
  return std::optional<WrittenContent>(out);
}

base::Result<WrittenContent> share_or_write(RestoreRun& run, const RestoreFile& file, FilledContent& content,
                                            const os::Descriptor& opened, WriteBuffers& buffers) {
  const std::string& path = run.item(file).path;
  const PieceSpan all{0, content.piece_count()};
  LG_ASSIGN(const Shared shared, share_content(run, file, content, opened));
  if (shared == Shared::yes) {
    LG_ASSIGN(std::optional<WrittenContent> read, read_shared(run, content, all, opened, buffers, path));
    if (read) return std::move(*read);
  }
  return write_content(run.target, opened, content, all, buffers, run.stop, path);
}

}  // namespace lastgood::recovery::restore
