// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The bytes of a content, or of a part of it, into an open file of the target: blocks of zeros become holes, lost
// pieces become holes that are reported.
#pragma once

#include <atomic>
#include <mutex>
#include <vector>

#include "model/finding.h"
#include "os/restore_target.h"
#include "recovery/restore/content_hash.h"
#include "sources/source.h"

namespace lastgood::recovery::restore {

/// Kept by each thread, so that no file needs memory of its own.
struct WriteBuffers {
  explicit WriteBuffers(std::uint64_t seed) : hash(seed) {}
  std::vector<std::uint8_t> piece;
  ContentHash hash;
};

/// Several threads that write one file spin on its lock in the kernel; they sleep on this one instead.
using OneWriter = std::mutex;

struct PieceSpan {
  std::size_t from = 0;
  std::size_t to = 0;  // one behind the last
};

struct WrittenContent {
  Hash128 hash{};
  std::uint64_t offset_bytes = 0;
  std::uint64_t length_bytes = 0;
  std::uint64_t written_to = 0;  // one behind the last byte that was written: holes may follow
  std::vector<model::ByteRange> lost;
};

/// ErrorCode::cancelled.
[[nodiscard]] base::Error stopped_error();

/// Writes the pieces of `span` at their offsets; the file's size is the caller's to set. Pieces that the source cannot
/// read (ErrorCode::damaged_source) are lost; ErrorCode::cancelled when `stop` became true; other errors are the
/// target's or the whole source's.
[[nodiscard]] base::Result<WrittenContent> write_content(const os::RestoreTarget& target, const os::Descriptor& file,
                                                         sources::Content& content, PieceSpan span,
                                                         WriteBuffers& buffers, const std::atomic<bool>& stop,
                                                         std::string_view path, OneWriter* one_writer = nullptr);

}  // namespace lastgood::recovery::restore
