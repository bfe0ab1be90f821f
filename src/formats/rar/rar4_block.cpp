// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// RAR 1.5 to 4: "technote.txt" of RAR 4.20.
//
//   block = crc(2: low half of the CRC-32 from type on) type(1) flags(2) header size(2) [data size(4)] ... data
#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/rar/rar_blocks.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

enum Type : std::uint8_t {
  k_marker = 0x72,
  k_archive = 0x73,
  k_file = 0x74,
  k_old_subblock = 0x77,
  k_old_recovery = 0x78,
  k_old_signature = 0x79,
  k_subblock = 0x7A,
  k_archive_end = 0x7B,
};

constexpr std::uint16_t k_flag_data = 0x8000;
constexpr std::uint16_t k_archive_flag_comment = 0x0002;
constexpr std::uint16_t k_archive_flag_encrypted = 0x0080;
constexpr std::uint16_t k_file_flag_split = 0x0003;
constexpr std::uint16_t k_file_flag_encrypted = 0x0004;
constexpr std::uint16_t k_file_flag_comment = 0x0008;
constexpr std::uint16_t k_file_flag_large = 0x0100;
constexpr std::uint8_t k_method_stored = 0x30;
constexpr std::uint64_t k_fixed_bytes = 7;
constexpr std::uint64_t k_archive_bytes = 13;
constexpr std::uint64_t k_file_fixed_bytes = 32;

bool sum_fits(ByteView header, std::uint64_t to) {
  return (base::crc32(header.part(2, to - 2)) & 0xFFFFU) == header.le16(0);
}

/// Archives with old comments sum their headers only as far as the comment.
bool any_sum_fits(ByteView header, std::uint8_t type, std::uint16_t flags) {
  if (sum_fits(header, header.size())) return true;
  if (type == k_archive && (flags & k_archive_flag_comment) != 0) return sum_fits(header, k_archive_bytes);
  if (type == k_file && (flags & k_file_flag_comment) != 0)
    return sum_fits(header, k_file_fixed_bytes + header.le16(26));
  return type == k_old_signature || type == k_old_subblock;
}

void read_file_fields(ByteView header, std::uint8_t type, std::uint16_t flags, RarBlock& block) {
  block.data_bytes = header.le32(7);
  if ((flags & k_file_flag_large) != 0) block.data_bytes |= std::uint64_t{header.le32(32)} << 32U;
  block.encrypted = (flags & k_file_flag_encrypted) != 0;
  if (type == k_file) block.role = RarBlockRole::file;
  const bool in_one_piece = (flags & k_file_flag_split) == 0;
  if (header.u8(25) == k_method_stored && in_one_piece && !block.encrypted) block.crc32 = header.le32(16);
}

}  // namespace

RarBlock read_rar4_block(WalkInput& input, std::uint64_t at) {
  const ByteView fixed = input.at(at, k_fixed_bytes);
  const std::uint8_t type = fixed.u8(2);
  const std::uint16_t flags = fixed.le16(3);
  const std::uint16_t header_bytes = fixed.le16(5);
  RarBlock block;
  block.looks_like_header = type >= k_archive && type <= k_archive_end && header_bytes >= k_fixed_bytes;
  const ByteView header = input.at(at, header_bytes);
  if (!block.looks_like_header || fixed.size() < k_fixed_bytes || header.size() < header_bytes ||
      !any_sum_fits(header, type, flags)) {
    block.why = fmt::format("no block header that fits its checksum stands at byte {}", at);
    return block;
  }
  block.header_to = at + header_bytes;
  if (type == k_archive && (flags & k_archive_flag_encrypted) != 0) block.role = RarBlockRole::encryption;
  if (type == k_archive_end) block.role = RarBlockRole::end;
  if (type == k_file || type == k_subblock) {
    read_file_fields(header, type, flags, block);
  } else if ((flags & k_flag_data) != 0) {
    block.data_bytes = header.le32(7);
  }
  return block;
}

}  // namespace lastgood::formats
