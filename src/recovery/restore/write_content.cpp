// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/write_content.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "base/error.h"

namespace lastgood::recovery::restore {

namespace {

constexpr std::size_t k_hole_bytes = 4096;

bool is_zero(base::ByteView block) {
  // The first bytes tell nearly always; only blocks of zeros are compared whole, each byte with the one before.
  if (block.le64(0) != 0 || block.u8(block.size() - 1) != 0) return false;
  if (block.empty()) return true;
  return std::memcmp(block.begin(), block.begin() + 1, block.size() - 1) == 0 && block.u8(0) == 0;
}

/// Writes what is not a whole block of zeros on the file's own 4 KiB grid. The file is new there: what is not written
/// reads as zeros.
base::Status write_but_zeros(const os::RestoreTarget& target, const os::Descriptor& file, std::uint64_t offset_bytes,
                             base::ByteView bytes, std::string_view path, std::uint64_t& written_to) {
  std::size_t data_from = 0;
  std::size_t at = 0;
  const auto flush = [&](std::size_t to) -> base::Status {
    if (to == data_from) return base::Done{};
    written_to = offset_bytes + to;
    return target.write(file, offset_bytes + data_from, bytes.part(data_from, to - data_from), path);
  };
  while (at < bytes.size()) {
    const std::size_t in_block = static_cast<std::size_t>((offset_bytes + at) % k_hole_bytes);
    const std::size_t length = std::min(k_hole_bytes - in_block, bytes.size() - at);
    if (length == k_hole_bytes && is_zero(bytes.part(at, length))) {
      LG_TRY(flush(at));
      data_from = at + length;
    }
    at += length;
  }
  return flush(bytes.size());
}

void add_lost(std::vector<model::ByteRange>& lost, std::uint64_t from, std::uint64_t to) {
  if (!lost.empty() && lost.back().to == from) {
    lost.back().to = to;
  } else {
    lost.push_back({from, to});
  }
}

base::Error bad_piece(std::string_view path, std::uint64_t offset) {
  base::Error error;
  error.code = base::ErrorCode::damaged_source;
  error.what = fmt::format("cannot restore '{}': its piece at byte {} has not the length it should have",
                           base::printable(path), offset);
  error.path = std::string(path);
  error.offset_bytes = offset;
  return error;
}

}  // namespace

base::Error stopped_error() {
  base::Error error;
  error.code = base::ErrorCode::cancelled;
  error.what = "the restore was stopped";
  return error;
}

base::Result<WrittenContent> write_content(const os::RestoreTarget& target, const os::Descriptor& file,
                                           sources::Content& content, PieceSpan span, WriteBuffers& buffers,
                                           const std::atomic<bool>& stop, std::string_view path,
                                           OneWriter* one_writer) {
  WrittenContent out;
  const bool one_piece = span.to - span.from == 1;
  if (!one_piece) buffers.hash.begin();
  std::uint64_t at = span.from < span.to ? content.piece(span.from).offset_bytes : 0;
  out.offset_bytes = at;
  const std::uint64_t size = content.size_bytes();
  for (std::size_t index = span.from; index < span.to; ++index) {
    if (stop.load(std::memory_order_relaxed)) return stopped_error();
    const sources::Content::Piece piece = content.piece(index);
    if (piece.offset_bytes != at || piece.length_bytes > size - at) return bad_piece(path, at);
    const base::Status read = content.read_piece(index, buffers.piece);
    if (!read.ok()) {
      if (read.error().code != base::ErrorCode::damaged_source) return read.error();
      add_lost(out.lost, at, at + piece.length_bytes);
    } else {
      if (buffers.piece.size() != piece.length_bytes) return bad_piece(path, at);
      const base::ByteView bytes{std::span<const std::uint8_t>(buffers.piece)};
      if (!one_piece) buffers.hash.update(bytes);
      const std::unique_lock lock =
          one_writer != nullptr ? std::unique_lock(*one_writer) : std::unique_lock<OneWriter>();
      LG_TRY(write_but_zeros(target, file, at, bytes, path, out.written_to));
    }
    at += piece.length_bytes;
  }
  out.length_bytes = at - out.offset_bytes;
  // An incomplete content gets no hash: it is never "done".
  if (!out.lost.empty()) return out;
  out.hash = one_piece ? content_hash(base::ByteView(std::span<const std::uint8_t>(buffers.piece)), buffers.hash.seed())
                       : buffers.hash.finish();
  return out;
}

}  // namespace lastgood::recovery::restore
