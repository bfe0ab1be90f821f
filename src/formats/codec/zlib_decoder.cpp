// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// zlib's own frame (RFC 1950) behind PieceDecoder, for streams that a container stores in pieces. Streams that lie in
// one run of bytes are read by deflate.h.
#define ZLIB_CONST
#include <zlib.h>

#include "formats/codec/piece_decoder.h"

namespace lastgood::formats {

namespace {

class ZlibDecoder final : public PieceDecoder {
 public:
  ~ZlibDecoder() override { inflateEnd(&stream_); }
  bool begin() { return inflateInit(&stream_) == Z_OK; }

  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    stream_.next_in = in.span().data();
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = out.data();
    stream_.avail_out = static_cast<uInt>(out.size());
    const int code = inflate(&stream_, Z_NO_FLUSH);
    Step step{.used_bytes = in.size() - stream_.avail_in, .made_bytes = out.size() - stream_.avail_out};
    if (code == Z_STREAM_END) {
      step.state = State::done;
    } else if (code == Z_MEM_ERROR) {
      step.state = State::too_large;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      step.state = State::malformed;
    }
    return step;
  }

 private:
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<PieceDecoder> make_zlib_decoder() {
  auto decoder = std::make_unique<ZlibDecoder>();
  if (!decoder->begin()) return nullptr;
  return decoder;
}

}  // namespace lastgood::formats
