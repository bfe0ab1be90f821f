// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Decodes a 7z folder made with copy, DEFLATE, BZip2, LZMA or LZMA2, the last two also behind delta or the x86 filter.
#pragma once

#include <cstdint>

#include "formats/codec/deflate.h"
#include "formats/seven_zip/seven_zip_header.h"
#include "formats/walk_input.h"

namespace lastgood::formats {

/// False: the folder needs a coder that is not known here.
bool can_decode_seven_zip(const SevenZipFolder& folder);

/// Decodes [from, to). `complete` means that exactly the folder's unpacked size was made; sizes above
/// `produced_bytes_max` and memory needs above 128 MiB end as `stopped`.
Decoded decode_seven_zip(WalkInput& input, std::uint64_t from, std::uint64_t to, const SevenZipFolder& folder,
                         std::uint64_t produced_bytes_max, const DecodeSink& sink);

}  // namespace lastgood::formats
