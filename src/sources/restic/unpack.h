// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// zstd as restic uses it: blobs with a declared length, and index, snapshot and config files that begin with a byte
// which says how they are packed (design.rst, "Unpacked Data Format"). No output ever grows beyond a limit said
// beforehand.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"

namespace lastgood::sources::restic {

/// One thread; kept for many blobs.
class Decompressor {
 public:
  Decompressor();
  ~Decompressor();
  Decompressor(Decompressor&&) noexcept;

  /// One or more zstd frames that give exactly `into.size()` bytes; anything else is false.
  [[nodiscard]] bool decompress(base::ByteView frames, std::span<std::uint8_t> into);

  struct Context;

 private:
  std::unique_ptr<Context> context_;
};

/// The JSON of an opened index, snapshot or config file. ErrorCode::unsupported: packed in a way this program does not
/// know; ErrorCode::damaged_source: a frame that breaks, or more than `bytes_max`.
[[nodiscard]] base::Result<std::vector<std::uint8_t>> unpack_file(base::ByteView plain, std::size_t bytes_max);

}  // namespace lastgood::sources::restic
