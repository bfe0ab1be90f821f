// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// WalkInput: a content as a walker sees it: bytes at any offset through a window, with limits on bytes and steps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/byte_view.h"
#include "base/checksum.h"
#include "model/verdict.h"

namespace lastgood::formats {

/// The first and the last part of every content are read at once, before any walker runs.
inline constexpr std::size_t k_edge_bytes = 64 * 1024;
/// Contents up to this size are held whole in memory.
inline constexpr std::size_t k_whole_bytes = 256 * 1024;
/// Longest view one call of `at` gives.
inline constexpr std::size_t k_window_bytes = 1024 * 1024;

/// Limits for one content, all walkers together.
struct WalkLimits {
  std::uint64_t read_bytes_max = UINT64_MAX;  // beyond it `may_continue` says no
  std::uint64_t steps_max = 50'000'000;       // one step is one entry, page, box, record or about a KiB of decoding
  std::uint64_t seed = 0;  // where samples are drawn follows from it; kept secret until the scan is done
};

/// Memory for one thread's inputs, so that a scan of a million files allocates once.
struct WalkBuffers {
  std::vector<std::uint8_t> head;
  std::vector<std::uint8_t> tail;
  std::vector<std::uint8_t> window;
};

/// One thread. Reading trouble is not the walker's concern: views come back shorter, the input remembers the error, and
/// the caller of the walker drops its opinion when `read_error` is set.
class WalkInput {
 public:
  /// Reads the edges at once. `source`, `buffers` and `name` outlive the input.
  WalkInput(base::ByteSource& source, WalkBuffers& buffers, std::string_view name, model::Depth depth,
            WalkLimits limits);
  WalkInput(const WalkInput&) = delete;
  WalkInput& operator=(const WalkInput&) = delete;

  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }
  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] model::Depth depth() const { return depth_; }
  /// Sampled offsets derive from it, so that nobody who did not see the seed can leave plain bytes at the probes.
  [[nodiscard]] std::uint64_t seed() const { return limits_.seed; }

  /// Valid for the input's life.
  [[nodiscard]] base::ByteView head() const { return head_; }
  [[nodiscard]] base::ByteView tail() const { return tail_; }
  /// The whole content when it is at most k_whole_bytes, else empty. Valid for the input's life.
  [[nodiscard]] base::ByteView whole() const { return is_whole_ ? head_whole_ : base::ByteView(); }

  /// Up to `length` (at most k_window_bytes) bytes from `offset`; shorter at the end of the content, after a read error
  /// and beyond twice the read limit. Valid until the next call of `at`: copy what you need longer.
  [[nodiscard]] base::ByteView at(std::uint64_t offset, std::size_t length);

  /// Offset of the next byte at or after `offset` that may be other than zero; the size when only a hole follows.
  [[nodiscard]] std::uint64_t next_data(std::uint64_t offset) { return source_.next_data(offset); }

  /// Call once per entry, page, box or record, before working on it. False: a limit is reached; stop, keep what was
  /// found, lower `reach`, and do not call the content broken for it.
  [[nodiscard]] bool may_continue(std::uint64_t steps = 1);
  /// True once `may_continue` has said no.
  [[nodiscard]] bool stopped() const { return stopped_; }

  /// SHA-256 of the whole content at Depth::full, else empty. What was read in order was digested on the way, so that
  /// most bytes are read once; the rest is read now. Empty also when a read failed, and where more than a GiB of hole
  /// follows: a terabyte of hole has a digest, and it is nobody's evidence. Call last.
  [[nodiscard]] std::vector<std::uint8_t> finish_digest();

  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  [[nodiscard]] const std::optional<base::Error>& read_error() const { return read_error_; }
  /// The content ended before the size it had when opened.
  [[nodiscard]] bool shrank() const { return shrank_; }

 private:
  std::size_t fill(std::uint64_t offset, std::span<std::uint8_t> into);

  base::ByteSource& source_;
  WalkBuffers& buffers_;
  std::string_view name_;
  model::Depth depth_;
  WalkLimits limits_;
  std::uint64_t size_bytes_ = 0;
  bool is_whole_ = false;
  base::ByteView head_whole_;
  base::ByteView head_;
  base::ByteView tail_;
  std::uint64_t window_from_ = 0;
  std::size_t window_size_ = 0;
  std::optional<base::Sha256> digest_;  // of the first digested_bytes_
  std::uint64_t digested_bytes_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t steps_ = 0;
  bool stopped_ = false;
  bool shrank_ = false;
  std::optional<base::Error> read_error_;
};

}  // namespace lastgood::formats
