// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The header at the end of a pack (design.rst, "Pack Format"): from it an index is made again. No I/O.
//   EncryptedBlob1 || ... || EncryptedBlobN || EncryptedHeader || HeaderLength (u32, little endian)
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"
#include "sources/restic/index_file.h"

namespace lastgood::sources::restic {

inline constexpr std::size_t k_header_length_bytes = 4;
/// What restic itself takes.
inline constexpr std::size_t k_header_bytes_max = (std::size_t{16} << 20) + k_header_length_bytes;
inline constexpr std::size_t k_plain_entry_bytes = 37;
inline constexpr std::size_t k_compressed_entry_bytes = 41;

/// Length of the sealed header from the last four bytes of a pack of `pack_bytes`; nothing when it cannot be one.
[[nodiscard]] std::optional<std::size_t> parse_header_length(base::ByteView last_bytes, std::uint64_t pack_bytes);

/// The blobs that an opened header names, which fill a pack up to `blobs_end_bytes`. ErrorCode::damaged_source
/// otherwise.
[[nodiscard]] base::Result<std::vector<BlobPlace>> parse_pack_header(base::ByteView plain,
                                                                     std::uint64_t blobs_end_bytes);

}  // namespace lastgood::sources::restic
