// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/tar/tar_header.h"

#include <charconv>

namespace lastgood::formats {

namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr std::uint64_t k_checksum_at = 148;
constexpr std::uint64_t k_checksum_bytes = 8;

/// Octal digits after leading spaces, ended by a space, a NUL or the field's end. Empty fields count as zero.
std::optional<std::uint64_t> parse_octal(ByteView field) {
  std::uint64_t at = 0;
  while (field.u8(at) == ' ') ++at;
  std::uint64_t value = 0;
  for (; at < field.size() && field.u8(at) != ' ' && field.u8(at) != 0; ++at) {
    const std::uint8_t digit = field.u8(at);
    if (digit < '0' || digit > '7' || value >> 60 != 0) return std::nullopt;
    value = value * 8 + (digit - unsigned{'0'});
  }
  return value;
}

/// Octal, or GNU's base-256 for sizes from 8 GiB on: the first bit set, the rest big endian.
std::optional<std::uint64_t> parse_size(ByteView field) {
  if ((field.u8(0) & 0x80U) == 0) return parse_octal(field);
  const bool fits = field.u8(0) == 0x80 && field.be24(1) == 0;
  if (!fits || field.be64(4) >> 63 != 0) return std::nullopt;
  return field.be64(4);
}

bool checksum_fits(ByteView block) {
  // Some old tools added signed bytes.
  std::uint32_t sum = 0;
  std::uint32_t high = 0;
  for (const std::uint8_t byte : block) {
    sum += byte;
    high += byte >> 7;
  }
  for (const std::uint8_t byte : block.part(k_checksum_at, k_checksum_bytes)) {
    sum = sum - byte + ' ';
    high -= byte >> 7;
  }
  const std::optional<std::uint64_t> stored = parse_octal(block.part(k_checksum_at, k_checksum_bytes));
  return stored && (*stored == sum || *stored == std::uint64_t{sum} - 256ULL * high);
}

}  // namespace

bool is_tar_header(ByteView block) {
  const std::uint8_t first = block.u8(k_checksum_at);
  const bool digit = (first >= '0' && first <= '7') || first == ' ';
  const bool name = block.u8(0) != 0 || block.matches(257, "ustar"sv);
  return block.size() == k_tar_block_bytes && digit && name && checksum_fits(block);
}

std::optional<TarHeader> parse_tar_header(ByteView block) {
  if (!is_tar_header(block)) return std::nullopt;
  TarHeader header{.type = static_cast<char>(block.u8(156))};
  if (block.matches(257, "ustar\0"sv)) header.dialect = TarDialect::ustar;
  if (block.matches(257, "ustar  "sv)) header.dialect = TarDialect::gnu;
  const std::optional<std::uint64_t> size = parse_size(block.part(124, 12));
  if (!size) return std::nullopt;
  header.data_bytes = *size;
  // Links, devices, directories and FIFOs have no data whatever their size field says (POSIX.1-2008 pax, ustar).
  if (header.type >= '2' && header.type <= '6') header.data_bytes = 0;
  header.sparse_goes_on = header.type == 'S' && block.u8(482) != 0;
  return header;
}

std::optional<std::uint64_t> find_pax_size(ByteView records) {
  // record = decimal-length ' ' keyword '=' value '\n'
  std::optional<std::uint64_t> found;
  std::size_t at = 0;
  while (at < records.size()) {
    const std::string_view text = records.part(at).text();
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc() || length <= digits + 1 || length > text.size()) return found;
    const std::string_view record = text.substr(digits + 1, length - digits - 1);
    if (record.starts_with("size=")) {
      std::uint64_t value = 0;
      const auto parsed = std::from_chars(record.data() + 5, record.data() + record.size(), value);
      if (parsed.ec == std::errc()) found = value;
    }
    at += length;
  }
  return found;
}

}  // namespace lastgood::formats
