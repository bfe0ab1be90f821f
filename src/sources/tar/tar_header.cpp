// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/tar_header.h"

#include <algorithm>

namespace lastgood::sources::tar {

using namespace std::string_view_literals;

namespace {

struct Field {
  std::uint64_t offset;
  std::uint64_t length;
};
constexpr Field k_name{0, 100};
constexpr Field k_mode{100, 8};
constexpr Field k_user_id{108, 8};
constexpr Field k_group_id{116, 8};
constexpr Field k_size{124, 12};
constexpr Field k_mtime{136, 12};
constexpr Field k_checksum{148, 8};
constexpr std::uint64_t k_type_offset = 156;
constexpr Field k_link_name{157, 100};
constexpr std::uint64_t k_magic_offset = 257;
constexpr Field k_user{265, 32};
constexpr Field k_group{297, 32};
constexpr Field k_device_major{329, 8};
constexpr Field k_device_minor{337, 8};
constexpr Field k_prefix{345, 155};
// GNU's old sparse form keeps four parts where ustar has the prefix, then whether more follow, then the real size.
constexpr std::uint64_t k_gnu_parts_offset = 386;
constexpr std::uint64_t k_gnu_more_offset = 482;
constexpr Field k_gnu_real_size{483, 12};
constexpr std::uint64_t k_part_bytes = 24;
constexpr unsigned k_header_parts = 4;
constexpr unsigned k_block_parts = 21;
constexpr std::uint64_t k_block_more_offset = 504;

base::ByteView part_of(base::ByteView block, Field field) { return block.part(field.offset, field.length); }

std::string text_of(base::ByteView block, Field field) {
  const std::string_view text = part_of(block, field).text();
  return std::string(text.substr(0, text.find('\0')));
}

std::optional<std::int64_t> parse_base256(base::ByteView field) {
  const bool negative = (field.u8(0) & 0x40U) != 0;
  // Two's complement; the first bit only says that this is base-256. Bytes before the last eight repeat the sign.
  std::uint64_t value = negative ? UINT64_MAX : 0;
  for (std::uint64_t i = 0; i < field.size(); ++i) {
    std::uint8_t byte = field.u8(i);
    if (i == 0) byte = static_cast<std::uint8_t>(negative ? byte | 0x80U : byte & 0x7FU);
    const std::uint64_t lost = value >> 55;  // the bits that are shifted out, and the sign
    if (lost != (negative ? 0x1FFU : 0U)) return std::nullopt;
    value = (value << 8) | byte;
  }
  return static_cast<std::int64_t>(value);
}

void parse_parts(base::ByteView block, std::uint64_t offset, unsigned count, std::vector<SparsePart>& parts) {
  for (unsigned i = 0; i < count; ++i) {
    const base::ByteView entry = block.part(offset + i * k_part_bytes, k_part_bytes);
    // An unused place begins with a NUL.
    if (entry.u8(0) == 0) return;
    const auto from = parse_tar_number(entry.part(0, 12));
    const auto length = parse_tar_number(entry.part(12, 12));
    // A part that is no number becomes one that check_sparse_map refuses.
    const bool holds = from && length && *from >= 0 && *length >= 0;
    parts.push_back(holds ? SparsePart{static_cast<std::uint64_t>(*from), static_cast<std::uint64_t>(*length)}
                          : SparsePart{UINT64_MAX, UINT64_MAX});
  }
}

std::uint32_t small_number(base::ByteView field, std::uint32_t mask) {
  return static_cast<std::uint32_t>(parse_tar_number(field).value_or(0)) & mask;
}

}  // namespace

bool is_zero_block(base::ByteView block) {
  return std::all_of(block.begin(), block.end(), [](std::uint8_t byte) { return byte == 0; });
}

std::optional<std::int64_t> parse_tar_number(base::ByteView field) {
  if ((field.u8(0) & 0x80U) != 0) return parse_base256(field);
  std::string_view text = field.text();
  const std::size_t first = text.find_first_not_of(" \0"sv);
  if (first == std::string_view::npos) return 0;
  text.remove_prefix(first);
  const std::size_t digits = std::min(text.find_first_not_of("01234567"), text.size());
  if (digits == 0 || digits > 20) return std::nullopt;
  // What stands behind the space or NUL that ends the number does not count: old checksums have leftovers there.
  if (digits < text.size() && text[digits] != ' ' && text[digits] != '\0') return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : text.substr(0, digits)) value = value * 8 + static_cast<unsigned>(c - '0');
  return static_cast<std::int64_t>(value);
}

std::optional<TarHeader> parse_tar_header(base::ByteView block) {
  std::int64_t unsigned_sum = 0;
  std::int64_t signed_sum = 0;
  for (std::uint64_t i = 0; i < k_block_bytes; ++i) {
    const bool in_checksum = i >= k_checksum.offset && i < k_checksum.offset + k_checksum.length;
    const std::uint8_t byte = in_checksum ? std::uint8_t{' '} : block.u8(i);
    unsigned_sum += byte;
    signed_sum += static_cast<std::int8_t>(byte);
  }
  const auto stored = parse_tar_number(part_of(block, k_checksum));
  if (!stored || (*stored != unsigned_sum && *stored != signed_sum) || is_zero_block(block)) return std::nullopt;

  TarHeader header;
  header.name = text_of(block, k_name);
  header.type = static_cast<char>(block.u8(k_type_offset));
  header.mode = small_number(part_of(block, k_mode), 07777);
  const auto size = parse_tar_number(part_of(block, k_size));
  if (size && *size >= 0) header.size_bytes = static_cast<std::uint64_t>(*size);
  header.user_id = parse_tar_number(part_of(block, k_user_id));
  header.group_id = parse_tar_number(part_of(block, k_group_id));
  header.mtime_s = parse_tar_number(part_of(block, k_mtime));
  header.link_name = text_of(block, k_link_name);
  header.has_magic = block.matches(k_magic_offset, "ustar");
  if (!header.has_magic) return header;
  header.user = text_of(block, k_user);
  header.group = text_of(block, k_group);
  header.device_major = small_number(part_of(block, k_device_major), 0xFFF);
  header.device_minor = small_number(part_of(block, k_device_minor), 0xFFFFF);
  const bool is_posix = block.u8(k_magic_offset + 5) == 0;
  if (is_posix && block.u8(k_prefix.offset) != 0) header.name = text_of(block, k_prefix) + "/" + header.name;
  if (!is_posix && header.type == 'S') {
    parse_parts(block, k_gnu_parts_offset, k_header_parts, header.parts);
    header.more_parts_follow = block.u8(k_gnu_more_offset) != 0;
    const auto real = parse_tar_number(part_of(block, k_gnu_real_size));
    header.real_size_bytes = real && *real >= 0 ? static_cast<std::uint64_t>(*real) : UINT64_MAX;
  }
  return header;
}

bool parse_more_parts(base::ByteView block, std::vector<SparsePart>& parts) {
  parse_parts(block, 0, k_block_parts, parts);
  return block.u8(k_block_more_offset) != 0;
}

}  // namespace lastgood::sources::tar
