// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/large_file.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "recovery/restore/share_blocks.h"

namespace lastgood::recovery::restore {

namespace {

/// Whole pieces up to about a segment each. nullopt: the pieces are not one row from the first byte to the last.
std::optional<std::vector<PieceSpan>> cut_into_spans(const sources::Content& content) {
  std::vector<PieceSpan> out;
  std::uint64_t at = 0;
  std::uint64_t in_span = 0;
  PieceSpan span;
  for (std::size_t index = 0; index < content.piece_count(); ++index) {
    const sources::Content::Piece piece = content.piece(index);
    if (piece.offset_bytes != at || piece.length_bytes == 0) return std::nullopt;
    if (in_span > 0 && in_span + piece.length_bytes > k_segment_bytes) {
      out.push_back(span);
      span = {index, index};
      in_span = 0;
    }
    span.to = index + 1;
    in_span += piece.length_bytes;
    at += piece.length_bytes;
  }
  if (in_span > 0) out.push_back(span);
  if (at != content.size_bytes()) return std::nullopt;
  return out;
}

/// What the journal says is there, read back.
bool holds_segment(const os::Descriptor& part, const SegmentEntry& segment, const sources::Content& content,
                   PieceSpan span, WriteBuffers& buffers, std::string_view path) {
  const sources::Content::Piece first = content.piece(span.from);
  const sources::Content::Piece last = content.piece(span.to - 1);
  if (segment.offset_bytes != first.offset_bytes ||
      segment.offset_bytes + segment.length_bytes != last.offset_bytes + last.length_bytes) {
    return false;
  }
  buffers.piece.resize(static_cast<std::size_t>(segment.length_bytes));
  const auto got = os::read_at(part, segment.offset_bytes, buffers.piece, path);
  return got.ok() && got.value() == buffers.piece.size() &&
         content_hash(base::ByteView(std::span<const std::uint8_t>(buffers.piece)), buffers.hash.seed()) ==
             segment.hash;
}

/// What is staged lies in a folder of ours already.
std::uint32_t parts_of(const RestoreRun& run, const RestoreFile& file) {
  return file.stands == Stands::staged ? file.folder : run.own_folders[file.folder].parts;
}

base::Result<os::Descriptor> open_part(RestoreRun& run, FolderCache& cache, const RestoreFile& file,
                                       std::string_view path) {
  LG_ASSIGN(const os::Descriptor* parts, open_or_make(run, cache, parts_of(run, file)));
  const std::string name = run.hidden_name(file.item);
  base::Result<os::Descriptor> part = run.target.make_named_file(*parts, name, path);
  if (part.ok() || part.error().system_errno != EEXIST || !run.journal.state().resumed) return part;
  return run.target.open_file(*parts, name, os::RestoreTarget::Access::write, path);
}

}  // namespace

base::Result<std::optional<LargeFile>> open_large_file(RestoreRun& run, FolderCache& cache, WriteBuffers& buffers,
                                                       std::uint32_t index) {
  const RestoreFile& file = run.items.files[index];
  const PlanItem& item = run.item(file);
  LargeFile out;
  out.file = index;
  LG_ASSIGN(out.standing, look_at_place(run, cache, file));
  if (out.standing.answer == Standing::Answer::refused) return std::optional<LargeFile>();
  auto content = open_filled_content(run, file);
  std::optional<std::vector<PieceSpan>> spans;
  if (content.ok()) spans = cut_into_spans(*content.value());
  if (!content.ok() && content.error().code != base::ErrorCode::damaged_source) return std::move(content).error();
  if (!spans || content.value()->size_bytes() != item.size_bytes) {
    run.troubles.incomplete({item.path, {}, {{0, item.size_bytes}}});
    return std::optional<LargeFile>();
  }
  out.content = std::move(content).value();
  out.spans = std::move(*spans);
  LG_ASSIGN(out.part, open_part(run, cache, file, item.path));
  LG_ASSIGN(out.shared, share_content(run, file, *out.content, out.part));
  LG_TRY(run.target.set_size(out.part, item.size_bytes, item.path));
  out.segments.resize(out.spans.size());
  std::vector<std::uint8_t> known(out.spans.size(), 0);
  const auto recorded = run.journal.state().segments.find(file.item);
  if (recorded != run.journal.state().segments.end()) {
    for (const SegmentEntry& segment : recorded->second) {
      if (segment.index >= out.spans.size() || segment.length_bytes > k_segment_bytes + sources::k_piece_bytes_max ||
          !holds_segment(out.part, segment, *out.content, out.spans[segment.index], buffers, item.path)) {
        continue;
      }
      out.segments[segment.index] = segment;
      known[segment.index] = 1;
    }
  }
  for (std::uint32_t i = 0; i < known.size(); ++i) {
    if (known[i] == 0) out.missing.push_back(i);
  }
  out.left = out.missing.size();
  return std::optional<LargeFile>(std::move(out));
}

base::Result<WrittenFile> finish_large_file(RestoreRun& run, LargeFile& large) {
  const RestoreFile& file = run.items.files[large.file];
  const PlanItem& item = run.item(file);
  WrittenFile out;
  out.file = large.file;
  out.hidden_in = parts_of(run, file);
  out.opened.hidden_name = run.hidden_name(file.item);
  out.lost = std::move(large.lost);
  std::sort(out.lost.begin(), out.lost.end(),
            [](const model::ByteRange& a, const model::ByteRange& b) { return a.from < b.from; });
  std::string hashes;
  for (const SegmentEntry& segment : large.segments) hashes.append(segment.hash.begin(), segment.hash.end());
  out.state.size_bytes = item.size_bytes;
  out.state.segments = static_cast<std::uint32_t>(large.segments.size());
  out.state.hash = content_hash(base::ByteView(std::string_view(hashes)), run.journal.state().header.seed);
  LG_TRY(put_metadata(run.rules, large.part, file.carried, file.kind, item.path, run.troubles, out.state));
  LG_ASSIGN(const os::TargetStatus status, os::target_status(large.part, item.path));
  out.state.inode = status.inode;
  if (large.standing.answer == Standing::Answer::damaged) {
    out.original = large.standing.original;
    out.kept_path = large.standing.kept_path;
  }
  out.opened.file = std::move(large.part);
  large.content.reset();
  return out;
}

}  // namespace lastgood::recovery::restore
