// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/payload.h"

#include <libdeflate.h>
#include <lz4.h>
#include <lzma.h>
#include <zstd.h>

#include <algorithm>

#include "base/assert.h"
#include "sources/source.h"

namespace lastgood::sources::borg {

using base::ByteView;
using Bytes = std::vector<std::uint8_t>;
using Trouble = std::optional<std::string>;

struct PayloadReader::Libraries {
  ZSTD_DCtx* zstd = nullptr;
  libdeflate_decompressor* deflate = nullptr;
};

namespace {

// Nobody hides a payload in a payload in a payload: borg writes one layer.
constexpr int k_layers_max = 4;
constexpr std::uint64_t k_lzma_memory_bytes_max = 256ULL << 20;
// Where no size is known, the room begins as so many times the input and grows.
constexpr std::size_t k_first_guess = 4;

/// Calls `attempt` with room for what comes out until it says something else than "too small".
enum class Outcome : std::uint8_t { done, too_small, broken };
template <typename Attempt>
Trouble with_growing_room(ByteView input, std::optional<std::uint32_t> expected_bytes, Bytes& out, const char* name,
                          const Attempt& attempt) {
  std::size_t room = expected_bytes ? *expected_bytes : std::max<std::size_t>(input.size() * k_first_guess, 1U << 18);
  room = std::min<std::size_t>(room, k_piece_bytes_max);
  for (;;) {
    out.resize(room);
    std::size_t made = 0;
    const Outcome outcome = attempt(input, out, made);
    if (outcome == Outcome::done) {
      out.resize(made);
      return std::nullopt;
    }
    if (outcome == Outcome::broken) return std::string(name) + " data does not decode";
    if (expected_bytes || room >= k_piece_bytes_max) {
      return std::string(name) + " data gives more than " + std::to_string(room) + " bytes";
    }
    room = std::min<std::size_t>(room * 4, k_piece_bytes_max);
  }
}

/// An lz4 block does not say how much comes out, and too little room looks like damage: with a size that is known there
/// is one try, else the room grows to its limit before it is called damage.
Outcome unpack_lz4(ByteView input, Bytes& out, std::size_t& made) {
  const int got = LZ4_decompress_safe(input.text().data(), static_cast<char*>(static_cast<void*>(out.data())),
                                      static_cast<int>(input.size()), static_cast<int>(out.size()));
  if (got < 0) return out.size() >= k_piece_bytes_max ? Outcome::broken : Outcome::too_small;
  made = static_cast<std::size_t>(got);
  return Outcome::done;
}

Outcome unpack_zlib(libdeflate_decompressor* library, ByteView input, Bytes& out, std::size_t& made) {
  switch (libdeflate_zlib_decompress(library, input.begin(), input.size(), out.data(), out.size(), &made)) {
    case LIBDEFLATE_SUCCESS: return Outcome::done;
    case LIBDEFLATE_INSUFFICIENT_SPACE: return Outcome::too_small;
    case LIBDEFLATE_BAD_DATA:
    case LIBDEFLATE_SHORT_OUTPUT: break;
  }
  return Outcome::broken;
}

Outcome unpack_zstd(ZSTD_DCtx* library, ByteView input, Bytes& out, std::size_t& made) {
  const std::size_t got = ZSTD_decompressDCtx(library, out.data(), out.size(), input.begin(), input.size());
  if (ZSTD_isError(got) == 0) {
    made = got;
    return Outcome::done;
  }
  // Error code 70 (ZSTD_error_dstSize_tooSmall) has no stable symbol in zstd.h; its name has.
  const bool too_small = std::string_view(ZSTD_getErrorName(got)).find("too small") != std::string_view::npos;
  return too_small ? Outcome::too_small : Outcome::broken;
}

Outcome unpack_lzma(ByteView input, Bytes& out, std::size_t& made) {
  std::uint64_t memory = k_lzma_memory_bytes_max;
  std::size_t from = 0;
  made = 0;
  const lzma_ret got =
      lzma_stream_buffer_decode(&memory, 0, nullptr, input.begin(), &from, input.size(), out.data(), &made, out.size());
  if (got == LZMA_OK) return from == input.size() ? Outcome::done : Outcome::broken;
  return got == LZMA_BUF_ERROR && out.size() < k_piece_bytes_max ? Outcome::too_small : Outcome::broken;
}

bool is_zlib(ByteView payload) { return (payload.u8(0) & 0x0FU) == 8 && payload.be16(0) % 31 == 0; }

}  // namespace

PayloadReader::PayloadReader() : libraries_(new Libraries) {
  libraries_->zstd = ZSTD_createDCtx();
  libraries_->deflate = libdeflate_alloc_decompressor();
  LG_ASSERT(libraries_->zstd != nullptr && libraries_->deflate != nullptr);
}

PayloadReader::~PayloadReader() {
  ZSTD_freeDCtx(libraries_->zstd);
  libdeflate_free_decompressor(libraries_->deflate);
  delete libraries_;
}

Trouble PayloadReader::unpack(ByteView payload, std::optional<std::uint32_t> expected_bytes, Bytes& out) {
  for (int layer = 0; payload.be16(0) == 0x0400 && payload.size() >= 6; ++layer) {
    const std::uint32_t length = payload.be32(2);
    if (layer == k_layers_max || !payload.has(6, length)) {
      return "obfuscated data of " + std::to_string(payload.size()) + " bytes claims " + std::to_string(length);
    }
    payload = payload.part(6, length);
  }
  if (payload.size() < 2) return "payload of " + std::to_string(payload.size()) + " bytes";
  if (expected_bytes && *expected_bytes > k_piece_bytes_max)
    return "piece of " + std::to_string(*expected_bytes) + " bytes";
  Trouble trouble;
  const ByteView inner = payload.part(2);
  switch (payload.be16(0)) {
    case 0x0000:
      if (inner.size() > k_piece_bytes_max) return "piece of " + std::to_string(inner.size()) + " bytes";
      out.assign(inner.begin(), inner.end());
      break;
    case 0x0100: trouble = with_growing_room(inner, expected_bytes, out, "lz4", unpack_lz4); break;
    case 0x0200: trouble = with_growing_room(inner, expected_bytes, out, "lzma", unpack_lzma); break;
    case 0x0300:
      trouble =
          with_growing_room(inner, expected_bytes, out, "zstd", [this](ByteView in, Bytes& room, std::size_t& made) {
            return unpack_zstd(libraries_->zstd, in, room, made);
          });
      break;
    default:
      if (!is_zlib(payload)) return "unknown compression " + std::to_string(payload.be16(0));
      trouble =
          with_growing_room(payload, expected_bytes, out, "zlib", [this](ByteView in, Bytes& room, std::size_t& made) {
            return unpack_zlib(libraries_->deflate, in, room, made);
          });
  }
  if (!trouble && expected_bytes && out.size() != *expected_bytes) {
    trouble = std::to_string(out.size()) + " bytes come out instead of " + std::to_string(*expected_bytes);
  }
  return trouble;
}

}  // namespace lastgood::sources::borg
