// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Reading TIFF's directories in both byte orders and both widths (TIFF 6.0, section 2; BigTIFF).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "formats/walk_input.h"

namespace lastgood::formats {

/// How numbers are written in this file.
struct TiffWriting {
  bool is_big_endian = false;
  bool is_wide = false;  // BigTIFF: 8-byte offsets
  [[nodiscard]] std::uint64_t u16(base::ByteView bytes, std::uint64_t at) const {
    return is_big_endian ? bytes.be16(at) : bytes.le16(at);
  }
  [[nodiscard]] std::uint64_t u32(base::ByteView bytes, std::uint64_t at) const {
    return is_big_endian ? bytes.be32(at) : bytes.le32(at);
  }
  [[nodiscard]] std::uint64_t u64(base::ByteView bytes, std::uint64_t at) const {
    return is_big_endian ? bytes.be64(at) : bytes.le64(at);
  }
  [[nodiscard]] std::uint64_t offset(base::ByteView bytes, std::uint64_t at) const {
    return is_wide ? u64(bytes, at) : u32(bytes, at);
  }
};

struct TiffEntry {
  std::uint32_t tag = 0;
  std::uint32_t type = 0;
  std::uint64_t count = 0;
  std::uint64_t values_from = 0;  // where the values stand, in the entry itself or elsewhere
  std::uint64_t values_bytes = 0;
};

struct TiffDirectory {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  std::uint64_t next = 0;                  // offset of the next directory; 0: none
  std::vector<TiffEntry> entries;          // those of known type
  std::optional<std::uint64_t> bad_entry;  // offset of the first entry that cannot be
};

/// Empty when no directory can stand at `offset`.
std::optional<TiffDirectory> read_tiff_directory(WalkInput& input, std::uint64_t offset, const TiffWriting& writing);

/// The values as numbers, at most `values_max` of them.
std::vector<std::uint64_t> read_tiff_values(WalkInput& input, const TiffEntry& entry, const TiffWriting& writing,
                                            std::uint64_t values_max);

}  // namespace lastgood::formats
