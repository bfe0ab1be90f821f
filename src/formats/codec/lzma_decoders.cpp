// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// liblzma behind PieceDecoder: xz streams, .lzma alone and lzip members.
#include <array>

#include <lzma.h>

#include "formats/codec/piece_decoder.h"

namespace lastgood::formats {

namespace {

// xz -9 needs 65 MiB; a dictionary of 128 MiB still fits.
constexpr std::uint64_t k_memory_bytes_max = 160ULL * 1024 * 1024;

PieceDecoder::State state_of(lzma_ret code) {
  if (code == LZMA_STREAM_END) return PieceDecoder::State::done;
  if (code == LZMA_OK || code == LZMA_BUF_ERROR) return PieceDecoder::State::more;
  if (code == LZMA_MEM_ERROR || code == LZMA_MEMLIMIT_ERROR) return PieceDecoder::State::too_large;
  return PieceDecoder::State::malformed;
}

class LzmaDecoder : public PieceDecoder {
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
    return {.state = state_of(code),
            .used_bytes = in.size() - stream_.avail_in,
            .made_bytes = out.size() - stream_.avail_out};
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

/// One block of an xz stream: its header says the filters, so it is read with the first piece.
class XzBlockDecoder final : public LzmaDecoder {
 public:
  explicit XzBlockDecoder(std::uint8_t check) {
    block_.version = 1;
    block_.check = static_cast<lzma_check>(check);
    block_.filters = filters_.data();
  }

  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    if (begun_) return LzmaDecoder::step(in, out);
    begun_ = true;
    block_.header_size = (std::uint32_t{in.u8(0)} + 1) * 4;
    if (in.u8(0) == 0 || !in.has(0, block_.header_size)) return {.state = State::malformed};
    const lzma_ret header = lzma_block_header_decode(&block_, nullptr, in.span().data());
    if (header != LZMA_OK) return {.state = state_of(header)};
    const bool fits = lzma_raw_decoder_memusage(filters_.data()) <= k_memory_bytes_max;
    const lzma_ret begin = fits ? lzma_block_decoder(&stream(), &block_) : LZMA_MEMLIMIT_ERROR;
    lzma_filters_free(filters_.data(), nullptr);
    if (begin != LZMA_OK) return {.state = state_of(begin)};
    return {.used_bytes = block_.header_size};
  }

 private:
  bool begun_ = false;
  lzma_block block_{};
  std::array<lzma_filter, LZMA_FILTERS_MAX + 1> filters_{};
};

}  // namespace

std::unique_ptr<PieceDecoder> make_xz_decoder() {
  auto decoder = std::make_unique<LzmaDecoder>();
  if (lzma_stream_decoder(&decoder->stream(), k_memory_bytes_max, 0) != LZMA_OK) return nullptr;
  return decoder;
}

std::unique_ptr<PieceDecoder> make_xz_block_decoder(std::uint8_t check) {
  return std::make_unique<XzBlockDecoder>(check);
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
