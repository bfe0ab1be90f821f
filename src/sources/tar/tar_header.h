// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One 512-byte header of a tar archive: v7, ustar (POSIX.1-1988) and GNU's forms (GNU tar manual, "Basic Tar Format").
// Pure. pax headers and long names are members whose bytes read_index.h puts together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_view.h"
#include "sources/tar/sparse_map.h"

namespace lastgood::sources::tar {

inline constexpr std::uint64_t k_block_bytes = 512;

/// `bytes` and what fills its last block. REQUIRES: bytes < 2^63.
[[nodiscard]] constexpr std::uint64_t in_blocks(std::uint64_t bytes) {
  return (bytes + k_block_bytes - 1) / k_block_bytes * k_block_bytes;
}

struct TarHeader {
  std::string name;  // ustar's prefix put before it
  char type = '0';
  std::uint32_t mode = 0;
  std::optional<std::uint64_t> size_bytes;  // what follows in the archive; nothing: no number stands there
  std::optional<std::int64_t> user_id;
  std::optional<std::int64_t> group_id;
  std::optional<std::int64_t> mtime_s;
  std::string link_name;
  std::string user;
  std::string group;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  bool has_magic = false;  // "ustar": what v7 wrote lacks it
  // GNU's old sparse form (type 'S'):
  std::vector<SparsePart> parts;
  bool more_parts_follow = false;
  std::uint64_t real_size_bytes = 0;
};

[[nodiscard]] bool is_zero_block(base::ByteView block);

/// Nothing when the header checksum does not fit, signed (old Suns) or unsigned. `block` has 512 bytes.
[[nodiscard]] std::optional<TarHeader> parse_tar_header(base::ByteView block);

/// A block of further parts behind a header of type 'S': adds them, says whether yet another block follows.
[[nodiscard]] bool parse_more_parts(base::ByteView block, std::vector<SparsePart>& parts);

/// A number field: octal digits between spaces and NULs, or base-256 when its first bit is set. Nothing for other
/// bytes and for numbers beyond 63 bits; an empty field is 0.
[[nodiscard]] std::optional<std::int64_t> parse_tar_number(base::ByteView field);

}  // namespace lastgood::sources::tar
