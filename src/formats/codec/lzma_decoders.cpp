// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// liblzma behind PieceDecoder: xz streams, .lzma alone and lzip members.
#include <lzma.h>

#include "formats/codec/piece_decoder.h"

namespace lastgood::formats {

namespace {

// xz -9 needs 65 MiB; a dictionary of 128 MiB still fits.
constexpr std::uint64_t k_memory_bytes_max = 160ULL * 1024 * 1024;

class LzmaDecoder final : public PieceDecoder {
 public:
  ~LzmaDecoder() override { lzma_end(&stream_); }
  lzma_stream& stream() { return stream_; }

  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    stream_.next_in = in.span().data();
    stream_.avail_in = in.size();
    stream_.next_out = out.data();
    stream_.avail_out = out.size();
    // An empty piece is the end of what there is; .lzma without an end mark is complete only then.
    const lzma_ret code = lzma_code(&stream_, in.empty() ? LZMA_FINISH : LZMA_RUN);
    Step step{.used_bytes = in.size() - stream_.avail_in, .made_bytes = out.size() - stream_.avail_out};
    if (code == LZMA_STREAM_END)
      step.state = State::done;
    else if (code == LZMA_MEMLIMIT_ERROR || code == LZMA_MEM_ERROR)
      step.state = State::too_large;
    else if (code != LZMA_OK && code != LZMA_BUF_ERROR)
      step.state = State::malformed;
    return step;
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<PieceDecoder> make_xz_decoder() {
  auto decoder = std::make_unique<LzmaDecoder>();
  if (lzma_stream_decoder(&decoder->stream(), k_memory_bytes_max, 0) != LZMA_OK) return nullptr;
  return decoder;
}

std::unique_ptr<PieceDecoder> make_lzma_decoder() {
  auto decoder = std::make_unique<LzmaDecoder>();
  if (lzma_alone_decoder(&decoder->stream(), k_memory_bytes_max) != LZMA_OK) return nullptr;
  return decoder;
}

std::unique_ptr<PieceDecoder> make_lzip_decoder() {
  auto decoder = std::make_unique<LzmaDecoder>();
  if (lzma_lzip_decoder(&decoder->stream(), k_memory_bytes_max, 0) != LZMA_OK) return nullptr;
  return decoder;
}

}  // namespace lastgood::formats
