// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SplitStream: one compressed stream that a container stores in pieces with its own fields between them. Streams that
// lie in one run of bytes are read by decode_stream and decode_deflate.
#pragma once

#include <memory>

#include "formats/codec/piece_decoder.h"
#include "formats/walk_input.h"

namespace lastgood::formats {

enum class SplitCodec : std::uint8_t { zlib, lz4, zstd };

/// One thread, and on that thread one zstd stream at a time. Memory is bounded as in decode_stream.
class SplitStream {
 public:
  enum class State : std::uint8_t {
    going,      // wants the next piece
    complete,   // its own end was reached, its own checksum fits
    malformed,  // bytes that no encoder writes, a checksum that does not fit, or bytes behind its end
    stopped,    // a limit was reached: nothing is known beyond
  };

  explicit SplitStream(SplitCodec codec);

  /// Decodes the next piece; `input` is asked for one step per KiB made. Does nothing in any state but `going`, except
  /// that more bytes behind the end are malformed.
  State feed(base::ByteView piece, WalkInput& input);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] std::uint64_t taken_bytes() const { return taken_bytes_; }
  [[nodiscard]] std::uint64_t made_bytes() const { return made_bytes_; }

 private:
  std::unique_ptr<PieceDecoder> decoder_;
  State state_ = State::going;
  std::uint64_t taken_bytes_ = 0;
  std::uint64_t made_bytes_ = 0;
};

}  // namespace lastgood::formats
