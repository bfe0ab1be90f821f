// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/decode_stream.h"

#include <algorithm>
#include <array>
#include <memory>

#include "formats/codec/piece_decoder.h"

namespace lastgood::formats {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t k_out_bytes = 128 * 1024;
constexpr std::size_t k_in_bytes = 64 * 1024;

std::unique_ptr<PieceDecoder> make_decoder(Codec codec) {
  switch (codec) {
    case Codec::gzip: return nullptr;
    case Codec::xz: return make_xz_decoder();
    case Codec::lzma: return make_lzma_decoder();
    case Codec::lzip: return make_lzip_decoder();
    case Codec::zstd: return make_zstd_decoder();
    case Codec::bzip2: return make_bzip2_decoder();
    case Codec::lz4: return make_lz4_decoder();
    case Codec::brotli: return make_brotli_decoder();
  }
  return nullptr;
}

Decoded run_decoder(WalkInput& input, std::uint64_t from, std::uint64_t to, PieceDecoder& decoder,
                    std::uint64_t produced_bytes_max, const DecodeSink& sink) {
  thread_local std::array<std::uint8_t, k_out_bytes> out;
  Decoded result;
  while (true) {
    const std::uint64_t at = from + result.consumed_bytes;
    const auto wish = static_cast<std::size_t>(std::min<std::uint64_t>(k_in_bytes, to > at ? to - at : 0));
    const base::ByteView piece = input.at(at, wish);
    const PieceDecoder::Step step = decoder.step(piece, out);
    result.consumed_bytes += step.used_bytes;
    result.produced_bytes += step.made_bytes;
    if (step.state == PieceDecoder::State::malformed) {
      result.end = DecodeEnd::malformed;
      return result;
    }
    if (step.state == PieceDecoder::State::too_large) return result;
    if (sink && step.made_bytes > 0 && !sink(base::ByteView(std::span<const std::uint8_t>(out).first(step.made_bytes))))
      return result;
    if (step.state == PieceDecoder::State::done) {
      result.end = DecodeEnd::complete;
      return result;
    }
    if (step.used_bytes == 0 && step.made_bytes == 0) {
      // Libraries may want one call more to say so; a decoder that neither takes nor gives has no input left.
      result.end = input.stopped() || input.read_error() ? DecodeEnd::stopped : DecodeEnd::cut;
      return result;
    }
    if (result.produced_bytes > produced_bytes_max || !input.may_continue(1 + step.made_bytes / 1024)) return result;
  }
}

}  // namespace

Decoded decode_stream(WalkInput& input, std::uint64_t from, std::uint64_t to, Codec codec,
                      std::uint64_t produced_bytes_max, const DecodeSink& sink) {
  if (codec == Codec::gzip) return decode_deflate(input, from, to, DeflateFrame::gzip, produced_bytes_max, sink);
  const std::unique_ptr<PieceDecoder> decoder = make_decoder(codec);
  if (decoder == nullptr) return {};
  return run_decoder(input, from, std::min(to, input.size_bytes()), *decoder, produced_bytes_max, sink);
}

Decoded decode_xz_block(WalkInput& input, std::uint64_t from, std::uint64_t to, std::uint8_t check,
                        std::uint64_t produced_bytes_max, const DecodeSink& sink) {
  const std::unique_ptr<PieceDecoder> decoder = make_xz_block_decoder(check);
  if (decoder == nullptr) return {};
  return run_decoder(input, from, std::min(to, input.size_bytes()), *decoder, produced_bytes_max, sink);
}

std::optional<Codec> find_codec(base::ByteView head) {
  if (head.matches(0, "\x1f\x8b\x08"sv)) return Codec::gzip;
  if (head.matches(0,
                   "\xfd"
                   "7zXZ\0"sv))
    return Codec::xz;
  if (head.matches(0, "LZIP\x01"sv)) return Codec::lzip;
  if (head.matches(0, "\x28\xb5\x2f\xfd"sv)) return Codec::zstd;
  if (head.matches(0, "BZh"sv) && head.u8(3) >= '1' && head.u8(3) <= '9') return Codec::bzip2;
  if (head.matches(0, "\x04\x22\x4d\x18"sv)) return Codec::lz4;
  // .lzma alone has no magic: common properties, a power-of-two dictionary and a size below 2^40 or unknown.
  const bool size_fits = head.le64(5) == UINT64_MAX || head.le64(5) < (std::uint64_t{1} << 40);
  if (head.u8(0) == 0x5D && head.le16(1) == 0 && head.size() > 13 && size_fits && head.u8(13) == 0) return Codec::lzma;
  return std::nullopt;
}

std::string_view name_of(Codec codec) {
  switch (codec) {
    case Codec::gzip: return "gzip";
    case Codec::xz: return "xz";
    case Codec::lzma: return "lzma";
    case Codec::lzip: return "lzip";
    case Codec::zstd: return "zstd";
    case Codec::bzip2: return "bzip2";
    case Codec::lz4: return "lz4";
    case Codec::brotli: return "brotli";
  }
  return "unknown";
}

}  // namespace lastgood::formats
