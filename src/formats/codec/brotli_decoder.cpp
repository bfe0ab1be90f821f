// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// libbrotlidec behind PieceDecoder. Large windows (above 16 MiB) stay refused: RFC 7932 does not know them.
#include <brotli/decode.h>

#include "formats/codec/piece_decoder.h"

namespace lastgood::formats {

namespace {

class BrotliDecoder final : public PieceDecoder {
 public:
  ~BrotliDecoder() override {
    if (state_ != nullptr) BrotliDecoderDestroyInstance(state_);
  }
  bool begin() {
    state_ = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
    return state_ != nullptr;
  }

  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    std::size_t in_left = in.size();
    const std::uint8_t* next_in = in.span().data();
    std::size_t out_left = out.size();
    std::uint8_t* next_out = out.data();
    const BrotliDecoderResult code =
        BrotliDecoderDecompressStream(state_, &in_left, &next_in, &out_left, &next_out, nullptr);
    Step step{.used_bytes = in.size() - in_left, .made_bytes = out.size() - out_left};
    if (code == BROTLI_DECODER_RESULT_SUCCESS) step.state = State::done;
    if (code == BROTLI_DECODER_RESULT_ERROR) step.state = State::malformed;
    return step;
  }

 private:
  BrotliDecoderState* state_ = nullptr;
};

}  // namespace

std::unique_ptr<PieceDecoder> make_brotli_decoder() {
  auto decoder = std::make_unique<BrotliDecoder>();
  if (!decoder->begin()) return nullptr;
  return decoder;
}

}  // namespace lastgood::formats
