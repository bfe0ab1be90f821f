// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Bounded decoding of one stream of a well-known compressor inside a content. DEFLATE has its own door: deflate.h.
#pragma once

#include <cstdint>
#include <optional>

#include "formats/codec/deflate.h"

namespace lastgood::formats {

enum class Codec : std::uint8_t {
  gzip,    // one member
  xz,      // one stream, with its index and footer
  lzma,    // .lzma alone
  lzip,    // one member
  zstd,    // one frame or skippable frame
  bzip2,   // one stream
  lz4,     // one frame (not the legacy form)
  brotli,  // one stream; no magic number and no checksum
};

/// Decodes one stream that begins at `from`, until its own end, at most to `to`. As decode_deflate; `crc32` stays 0
/// except for gzip. Streams that would need more than about 160 MiB of memory end as `stopped`.
Decoded decode_stream(WalkInput& input, std::uint64_t from, std::uint64_t to, Codec codec,
                      std::uint64_t produced_bytes_max, const DecodeSink& sink = {});

/// Decodes the one block of an xz stream that begins at `from`; `check` is the check id of the stream's flags.
Decoded decode_xz_block(WalkInput& input, std::uint64_t from, std::uint64_t to, std::uint8_t check,
                        std::uint64_t produced_bytes_max, const DecodeSink& sink = {});

/// The compressor whose magic number stands at the beginning of `head`.
std::optional<Codec> find_codec(base::ByteView head);

std::string_view name_of(Codec codec);

}  // namespace lastgood::formats
