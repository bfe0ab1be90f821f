// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ByteSource: where a content's bytes come from (a file, a blob of a backup, memory). Pure folders see only this.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"

namespace lastgood::base {

/// One thread at a time. Implementations never write, never change access times.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  ByteSource(ByteSource&&) = default;
  ByteSource& operator=(ByteSource&&) = default;

  /// Size when opened. The content may since have shrunk: `read` then gives less.
  [[nodiscard]] virtual std::uint64_t size_bytes() const = 0;

  /// Fills `into` from `offset` as far as the content goes and says how many bytes that were.
  [[nodiscard]] virtual Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) = 0;

  /// Offset of the next byte at or after `offset_bytes` that may be other than zero; the size when only a hole follows.
  [[nodiscard]] virtual std::uint64_t next_data(std::uint64_t offset_bytes) { return offset_bytes; }
};

/// Bytes in memory that somebody else owns.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return bytes_.size(); }
  [[nodiscard]] Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override;

 private:
  ByteView bytes_;
};

}  // namespace lastgood::base
