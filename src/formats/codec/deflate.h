// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Bounded decoding of DEFLATE data (RFC 1951) inside a content, with or without the zlib (1950) or gzip (1952) frame.
#pragma once

#include <cstdint>
#include <functional>

#include "formats/walk_input.h"

namespace lastgood::formats {

enum class DeflateFrame : std::uint8_t { raw, zlib, gzip };

enum class DecodeEnd : std::uint8_t {
  complete,   // the stream's own end was reached, its own checksum (zlib, gzip) fits
  malformed,  // bytes that no encoder writes, or a checksum that does not fit
  cut,        // the range ended before the stream did
  stopped,    // a limit was reached: nothing is known beyond
};

struct Decoded {
  DecodeEnd end = DecodeEnd::stopped;
  std::uint64_t consumed_bytes = 0;  // of the range; where it stopped
  std::uint64_t produced_bytes = 0;
  std::uint32_t crc32 = 0;  // of what was produced
};

/// Receives what was decoded, piece by piece; false ends the decoding as `stopped`. May be empty.
using DecodeSink = std::function<bool(base::ByteView piece)>;

/// Decodes [from, to) of `input`. Memory is constant; time is limited by the input's steps (one per KiB produced) and
/// by `produced_bytes_max`.
Decoded decode_deflate(WalkInput& input, std::uint64_t from, std::uint64_t to, DeflateFrame frame,
                       std::uint64_t produced_bytes_max, const DecodeSink& sink = {});

}  // namespace lastgood::formats
