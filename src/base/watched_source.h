// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A source that stops giving: whoever reads a content of terabytes then ends within one read.
#pragma once

#include <functional>

#include "base/byte_source.h"

namespace lastgood::base {

/// `source` as long as `goes_on` says yes; then ErrorCode::cancelled. What is said of a content that stopped is worth
/// nothing. Both outlive it.
class WatchedSource final : public ByteSource {
 public:
  WatchedSource(ByteSource& source, const std::function<bool()>& goes_on) : source_(source), goes_on_(goes_on) {}

  [[nodiscard]] std::uint64_t size_bytes() const override { return source_.size_bytes(); }
  [[nodiscard]] Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    if (!goes_on_()) return Error{.code = ErrorCode::cancelled, .what = "it was not looked at to the end"};
    return source_.read(offset_bytes, into);
  }
  [[nodiscard]] std::uint64_t next_data(std::uint64_t offset_bytes) override {
    return goes_on_() ? source_.next_data(offset_bytes) : source_.size_bytes();
  }

 private:
  ByteSource& source_;
  const std::function<bool()>& goes_on_;
};

}  // namespace lastgood::base
