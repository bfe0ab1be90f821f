// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// liblz4's frame decoder behind PieceDecoder.
#include <lz4frame.h>

#include "formats/codec/piece_decoder.h"

namespace lastgood::formats {

namespace {

class Lz4Decoder final : public PieceDecoder {
 public:
  ~Lz4Decoder() override { LZ4F_freeDecompressionContext(context_); }
  bool begin() { return LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) == 0; }

  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    std::size_t used_bytes = in.size();
    std::size_t made_bytes = out.size();
    const std::size_t code = LZ4F_decompress(context_, out.data(), &made_bytes, in.span().data(), &used_bytes, nullptr);
    if (LZ4F_isError(code) != 0) return {.state = State::malformed};
    return {.state = code == 0 ? State::done : State::more, .used_bytes = used_bytes, .made_bytes = made_bytes};
  }

 private:
  LZ4F_dctx* context_ = nullptr;
};

}  // namespace

std::unique_ptr<PieceDecoder> make_lz4_decoder() {
  auto decoder = std::make_unique<Lz4Decoder>();
  if (!decoder->begin()) return nullptr;
  return decoder;
}

}  // namespace lastgood::formats
