// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ObservedSource: one read of a content for two: whoever reads here and there, and whoever wants to see all bytes.
#pragma once

#include <memory>
#include <optional>

#include "base/byte_observer.h"
#include "base/byte_source.h"
#include "base/checksum.h"

namespace lastgood::base {

/// Gives exactly what `content` gives. Trouble with bytes that nobody asked for is the observer's alone.
class ObservedSource final : public ByteSource {
 public:
  static constexpr std::size_t k_gap_bytes_max = std::size_t{1} << 20U;
  enum class Digest : std::uint8_t { left_out, made };
  /// What lies between the bytes seen and the place asked for: read at once where it is at most k_gap_bytes_max, so
  /// that whoever takes samples costs nothing twice; or left, for whoever reads all of it himself after some samples.
  enum class Gaps : std::uint8_t { left, read };

  /// Both outlive it.
  ObservedSource(ByteSource& content, ByteObserver& observer, Digest digest, Gaps gaps);

  [[nodiscard]] std::uint64_t size_bytes() const override { return content_.size_bytes(); }
  [[nodiscard]] Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override;
  [[nodiscard]] std::uint64_t next_data(std::uint64_t offset_bytes) override {
    return content_.next_data(offset_bytes);
  }

  /// Reads what is left, in order; call last. The digest, where it is made; nothing when not all bytes could be read.
  [[nodiscard]] std::optional<Sha256Digest> finish();

  /// Of the content itself.
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }

 private:
  /// Bytes of the content that stay in memory.
  struct Piece {
    std::unique_ptr<std::uint8_t[]> bytes;
    std::uint64_t from_bytes = 0;
    std::size_t size_bytes = 0;
    [[nodiscard]] ByteView view() const { return ByteView(std::span<const std::uint8_t>(bytes.get(), size_bytes)); }
    [[nodiscard]] bool give(std::uint64_t offset_bytes, std::span<std::uint8_t> into) const;
  };

  [[nodiscard]] Result<std::size_t> read_content(std::uint64_t offset_bytes, std::span<std::uint8_t> into);
  [[nodiscard]] Result<std::size_t> read_ahead(std::size_t count);
  void see(ByteView bytes);

  ByteSource& content_;
  ByteObserver& observer_;
  Gaps gaps_;
  std::optional<Sha256> digest_;
  Piece window_;  // what was read last with a gap
  Piece end_;     // the last bytes, when they were asked for first
  std::uint64_t seen_bytes_ = 0;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace lastgood::base
