// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// libbz2 behind PieceDecoder.
#include <array>

#include <bzlib.h>

#include "formats/codec/piece_decoder.h"

namespace lastgood::formats {

namespace {

class Bzip2Decoder final : public PieceDecoder {
 public:
  ~Bzip2Decoder() override {
    if (ready_) BZ2_bzDecompressEnd(&stream_);
  }
  bool begin() {
    ready_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
    return ready_;
  }

  Step step(base::ByteView in, std::span<std::uint8_t> out) override {
    // The library's input pointer is not const, though it only reads: it is given a copy.
    const std::size_t count = in.size() < copy_.size() ? in.size() : copy_.size();
    for (std::size_t i = 0; i < count; ++i) copy_[i] = static_cast<char>(in.u8(i));
    stream_.next_in = copy_.data();
    stream_.avail_in = static_cast<unsigned>(count);
    stream_.next_out = static_cast<char*>(static_cast<void*>(out.data()));
    stream_.avail_out = static_cast<unsigned>(out.size());
    const int code = BZ2_bzDecompress(&stream_);
    Step step{.used_bytes = count - stream_.avail_in, .made_bytes = out.size() - stream_.avail_out};
    if (code == BZ_STREAM_END)
      step.state = State::done;
    else if (code == BZ_MEM_ERROR)
      step.state = State::too_large;
    else if (code != BZ_OK)
      step.state = State::malformed;
    return step;
  }

 private:
  std::array<char, 16 * 1024> copy_{};
  bz_stream stream_{};
  bool ready_ = false;
};

}  // namespace

std::unique_ptr<PieceDecoder> make_bzip2_decoder() {
  auto decoder = std::make_unique<Bzip2Decoder>();
  if (!decoder->begin()) return nullptr;
  return decoder;
}

}  // namespace lastgood::formats
