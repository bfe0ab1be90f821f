// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// MsgpackReader: one value after another out of untrusted MessagePack bytes (specification "MessagePack specification",
// github.com/msgpack/msgpack, spec.md). Nothing is allocated and nothing is followed into depth: a list says how many
// values follow, and the caller asks for them. Why not the library: docs/decisions/msgpack-reader.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::sources::borg {

/// Once something does not fit, every further call says so too: check `ok()` at the end. One thread.
class MsgpackReader {
 public:
  explicit MsgpackReader(base::ByteView bytes) : bytes_(bytes) {}

  enum class Kind : std::uint8_t { nothing, boolean, integer, real, text, list, map, extension, broken };
  enum class State : std::uint8_t { good, cut, broken };

  [[nodiscard]] Kind next_kind() const;
  /// Texts and binaries alike: borg writes both as the old "raw" type. The view is of the bytes given.
  std::string_view read_text();
  /// Signed values as they are; an unsigned one beyond INT64_MAX breaks the reader.
  std::int64_t read_integer();
  bool read_boolean();
  /// Number of values (list) or of pairs (map) that follow. Never more than bytes are left.
  std::uint32_t read_list();
  std::uint32_t read_map();
  /// The next value with everything in it.
  void skip();

  [[nodiscard]] std::size_t offset() const { return at_; }
  [[nodiscard]] bool at_end() const { return at_ >= bytes_.size(); }
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] bool ok() const { return state_ == State::good; }
  void fail() { state_ = state_ == State::good ? State::broken : state_; }

 private:
  bool take(std::uint64_t length);
  std::uint64_t read_big(unsigned count);
  /// Of the next value: values inside it that follow (children), after its head and payload were passed.
  std::uint64_t pass_one();

  base::ByteView bytes_;
  std::size_t at_ = 0;
  State state_ = State::good;
};

}  // namespace lastgood::sources::borg
