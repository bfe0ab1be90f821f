// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The compressors that tar archives come in, each behind one interface.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::sources::tar {

enum class Packing : std::uint8_t { none, gzip, zstd, xz, bzip2 };

std::string_view name_of(Packing packing);

/// By the first bytes of a stream; `none` when no compressor's mark stands there.
[[nodiscard]] Packing find_packing(base::ByteView head);

/// Decodes one stream (gzip member, zstd frame, ...) in steps. One thread.
class Decoder {
 public:
  enum class State : std::uint8_t { more, done, malformed, too_large };
  struct Step {
    State state = State::more;
    std::size_t used_bytes = 0;
    std::size_t made_bytes = 0;
  };
  virtual ~Decoder() = default;
  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  [[nodiscard]] virtual Step step(base::ByteView in, std::span<std::uint8_t> out) = 0;
  /// The same state once more, from which decoding goes on alike; null where the library cannot.
  [[nodiscard]] virtual std::unique_ptr<Decoder> copy() const { return nullptr; }
};

/// Memory of one decoder is limited: zstd windows to 512 MiB, xz dictionaries to about as much. Null when there is no
/// memory. REQUIRES: packing is not `none`.
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(Packing packing);

}  // namespace lastgood::sources::tar
