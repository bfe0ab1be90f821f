// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The bytes of a tar archive as they were before they were packed, read from front to end. Going back in a packed
// archive starts again at a place to start from: the begin of a stream or frame and, for gzip, states of the decoder
// kept on the way. Reading in order of position therefore unpacks everything once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "sources/tar/decoder.h"

namespace lastgood::sources::tar {

/// One thread at a time.
class UnpackedBytes {
 public:
  virtual ~UnpackedBytes() = default;
  UnpackedBytes() = default;
  UnpackedBytes(const UnpackedBytes&) = delete;
  UnpackedBytes& operator=(const UnpackedBytes&) = delete;

  [[nodiscard]] virtual std::uint64_t position() const = 0;
  /// Goes on to `offset_bytes`, or back. Beyond the end it stays there, and reading gives nothing.
  [[nodiscard]] virtual base::Status seek(std::uint64_t offset_bytes) = 0;
  /// Fills `into` as far as the bytes go. ErrorCode::damaged_source where the packed stream is broken; what came
  /// before that was given.
  [[nodiscard]] virtual base::Result<std::size_t> read(std::span<std::uint8_t> into) = 0;
  /// Bytes behind the last stream that belong to none: where they begin in the file.
  [[nodiscard]] virtual std::optional<std::uint64_t> foreign_end() const { return std::nullopt; }
};

/// So many unpacked bytes lie between places to start from in a large archive: some tenths of a second.
inline constexpr std::uint64_t k_start_spacing_bytes = 64ULL << 20;
/// And at first.
inline constexpr std::uint64_t k_close_spacing_bytes = 16ULL << 20;

/// `file` outlives it. `path` is for messages.
[[nodiscard]] std::unique_ptr<UnpackedBytes> open_unpacked(base::ByteSource& file, Packing packing, std::string path,
                                                           std::uint64_t start_spacing_bytes = k_close_spacing_bytes);

}  // namespace lastgood::sources::tar
