// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/inflate_in_memory.h"

#include <algorithm>
#include <vector>

#include <libdeflate.h>

namespace lastgood::formats {

namespace {

/// One decompressor and one room per thread: a scan decodes millions of small streams.
struct Workplace {
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  std::vector<std::uint8_t> room;
  Workplace() = default;
  ~Workplace() { libdeflate_free_decompressor(decompressor); }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
};

}  // namespace

Inflated inflate_in_memory(base::ByteView packed, DeflateFrame frame, std::uint64_t produced_bytes_expected) {
  thread_local Workplace place;
  Inflated result;
  if (place.decompressor == nullptr) return result;
  const auto room_bytes =
      static_cast<std::size_t>(std::clamp<std::uint64_t>(produced_bytes_expected, 1, k_inflate_in_memory_bytes_max));
  if (place.room.size() < room_bytes) place.room.resize(std::max<std::size_t>(room_bytes, 256 * 1024));
  std::size_t consumed = 0;
  std::size_t produced = 0;
  const std::uint8_t* in = packed.span().data();
  libdeflate_result code = LIBDEFLATE_BAD_DATA;
  switch (frame) {
    case DeflateFrame::raw:
      code = libdeflate_deflate_decompress_ex(place.decompressor, in, packed.size(), place.room.data(), room_bytes,
                                              &consumed, &produced);
      break;
    case DeflateFrame::zlib:
      code = libdeflate_zlib_decompress_ex(place.decompressor, in, packed.size(), place.room.data(), room_bytes,
                                           &consumed, &produced);
      break;
    case DeflateFrame::gzip:
      code = libdeflate_gzip_decompress_ex(place.decompressor, in, packed.size(), place.room.data(), room_bytes,
                                           &consumed, &produced);
      break;
  }
  if (code == LIBDEFLATE_INSUFFICIENT_SPACE) return result;
  if (code != LIBDEFLATE_SUCCESS) {
    result.end = DecodeEnd::malformed;
    return result;
  }
  result.end = DecodeEnd::complete;
  result.consumed_bytes = consumed;
  result.made = base::ByteView(std::span<const std::uint8_t>(place.room).first(produced));
  return result;
}

}  // namespace lastgood::formats
