// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/split_stream.h"

#include <array>

namespace lastgood::formats {

namespace {

constexpr std::size_t k_out_bytes = 64 * 1024;

std::unique_ptr<PieceDecoder> make_decoder(SplitCodec codec) {
  switch (codec) {
    case SplitCodec::zlib: return make_zlib_decoder();
    case SplitCodec::lz4: return make_lz4_decoder();
    case SplitCodec::zstd: return make_zstd_decoder();
  }
  return nullptr;
}

}  // namespace

SplitStream::SplitStream(SplitCodec codec) : decoder_(make_decoder(codec)) {
  if (decoder_ == nullptr) state_ = State::stopped;
}

SplitStream::State SplitStream::feed(base::ByteView piece, WalkInput& input) {
  thread_local std::array<std::uint8_t, k_out_bytes> out;
  bool has_room = true;  // a full output buffer says that more may be waiting without any new input
  while (state_ == State::going && (!piece.empty() || !has_room)) {
    const PieceDecoder::Step step = decoder_->step(piece, out);
    taken_bytes_ += step.used_bytes;
    made_bytes_ += step.made_bytes;
    piece = piece.part(step.used_bytes);
    has_room = step.made_bytes < out.size();
    if (step.state == PieceDecoder::State::malformed) state_ = State::malformed;
    if (step.state == PieceDecoder::State::too_large) state_ = State::stopped;
    if (step.state == PieceDecoder::State::done) state_ = State::complete;
    if (state_ == State::going && !input.may_continue(1 + step.made_bytes / 1024)) state_ = State::stopped;
    // A decoder that neither takes nor gives would never end.
    if (state_ == State::going && step.used_bytes == 0 && step.made_bytes == 0 && !piece.empty())
      state_ = State::malformed;
  }
  if (state_ == State::complete && !piece.empty()) state_ = State::malformed;
  return state_;
}

}  // namespace lastgood::formats
