// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PieceDecoder: one compression library behind one small interface, so that limits and reading stand in one loop
// (decode_stream). Private to codec/.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "base/byte_view.h"

namespace lastgood::formats {

/// One stream, one thread. After `done` or `malformed` it is not called again.
class PieceDecoder {
 public:
  enum class State : std::uint8_t {
    more,       // wants input or room
    done,       // the stream's own end; its own checksums fit
    malformed,  // no encoder writes this, or a checksum does not fit
    too_large,  // would need more memory than codec/ allows, or a dictionary nobody has: nothing is known
  };
  struct Step {
    State state = State::more;
    std::size_t used_bytes = 0;
    std::size_t made_bytes = 0;
  };

  virtual ~PieceDecoder() = default;
  PieceDecoder() = default;
  PieceDecoder(const PieceDecoder&) = delete;
  PieceDecoder& operator=(const PieceDecoder&) = delete;

  virtual Step step(base::ByteView in, std::span<std::uint8_t> out) = 0;
};

/// Null when the library has no memory for it.
std::unique_ptr<PieceDecoder> make_xz_decoder();
/// `check`: the stream's check id (its flags' second byte).
std::unique_ptr<PieceDecoder> make_xz_block_decoder(std::uint8_t check);
std::unique_ptr<PieceDecoder> make_lzma_decoder();
std::unique_ptr<PieceDecoder> make_lzip_decoder();
std::unique_ptr<PieceDecoder> make_zstd_decoder();
std::unique_ptr<PieceDecoder> make_bzip2_decoder();
std::unique_ptr<PieceDecoder> make_lz4_decoder();
std::unique_ptr<PieceDecoder> make_brotli_decoder();
std::unique_ptr<PieceDecoder> make_zlib_decoder();

}  // namespace lastgood::formats
