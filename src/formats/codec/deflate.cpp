// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/deflate.h"

#include <algorithm>
#include <array>
#include <span>

#define ZLIB_CONST
#include <zlib.h>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

constexpr std::size_t k_out_bytes = 64 * 1024;
constexpr std::size_t k_in_bytes = 64 * 1024;

int window_bits(DeflateFrame frame) {
  switch (frame) {
    case DeflateFrame::raw: return -15;
    case DeflateFrame::zlib: return 15;
    case DeflateFrame::gzip: return 31;
  }
  return 15;
}

/// One z_stream per thread, reset between streams: inflateInit2 allocates 40 KiB, a scan decodes millions of streams.
class Inflater {
 public:
  Inflater() = default;
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  bool begin(DeflateFrame frame) {
    if (!ready_) {
      ready_ = inflateInit2(&stream_, window_bits(frame)) == Z_OK;
      return ready_;
    }
    return inflateReset2(&stream_, window_bits(frame)) == Z_OK;
  }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

Decoded decode_deflate(WalkInput& input, std::uint64_t from, std::uint64_t to, DeflateFrame frame,
                       std::uint64_t produced_bytes_max, const DecodeSink& sink) {
  thread_local Inflater inflater;
  thread_local std::array<std::uint8_t, k_out_bytes> out;
  Decoded result;
  to = std::min(to, input.size_bytes());
  if (!inflater.begin(frame)) return result;
  z_stream& z = inflater.stream();
  std::uint64_t at = from;
  while (true) {
    const base::ByteView piece =
        input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(k_in_bytes, to > at ? to - at : 0)));
    if (piece.empty()) {
      result.end = input.stopped() || input.read_error() ? DecodeEnd::stopped : DecodeEnd::cut;
      return result;
    }
    z.next_in = piece.span().data();
    z.avail_in = static_cast<uInt>(piece.size());
    do {
      z.next_out = out.data();
      z.avail_out = static_cast<uInt>(out.size());
      const int code = inflate(&z, Z_NO_FLUSH);
      const std::size_t produced = out.size() - z.avail_out;
      const base::ByteView made(std::span<const std::uint8_t>(out).first(produced));
      result.produced_bytes += produced;
      result.consumed_bytes = at - from + (piece.size() - z.avail_in);
      result.crc32 = base::crc32(made, result.crc32);
      if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) {
        result.end = DecodeEnd::malformed;
        return result;
      }
      if (sink && produced > 0 && !sink(made)) return result;
      if (code == Z_STREAM_END) {
        result.end = DecodeEnd::complete;
        return result;
      }
      if (result.produced_bytes > produced_bytes_max || !input.may_continue(1 + produced / 1024)) return result;
    } while (z.avail_out == 0 || z.avail_in > 0);
    at += piece.size();
  }
}

}  // namespace lastgood::formats
