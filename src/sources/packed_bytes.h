// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A file that one of the usual compressors packed (gzip, zstd, xz, bzip2), as the bytes in it. Dumps and logs are
// mostly kept so.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/byte_source.h"

namespace lastgood::sources {

/// More than any of them makes of text: what unpacks to more is made to fill memory or time.
inline constexpr std::uint64_t k_unpacked_times_max = 2000;
inline constexpr std::uint64_t k_unpacked_bytes_min = 64ULL << 20;

/// "gzip"; empty: its first bytes are no compressor's. Pure.
[[nodiscard]] std::string_view find_packing_name(base::ByteView head);

/// Reading from front to end unpacks once; going back is slow. Its size is not known before: `size_bytes` is what it
/// may be at most, and reading there gives nothing. ErrorCode::damaged_source where the packed stream is broken (what
/// came before was given), ErrorCode::limit_reached beyond that size. One thread. `file` outlives it; one that is not
/// packed is given as it is.
[[nodiscard]] std::unique_ptr<base::ByteSource> open_packed_bytes(base::ByteSource& file, std::string path);

}  // namespace lastgood::sources
