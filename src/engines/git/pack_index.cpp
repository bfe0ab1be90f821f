// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
//
//   index = FF 't' 'O' 'c' version(4) first-byte table(256 x 4) name* crc32* offset(4)* [offset(8)*] pack digest, own
//   digest
#include "engines/git/pack_index.h"

namespace lastgood::engines::git {

namespace {

constexpr std::uint64_t k_table_at = 8;
constexpr std::uint64_t k_names_at = k_table_at + 256 * 4;

}  // namespace

std::optional<PackIndex> PackIndex::parse(base::ByteView bytes, std::size_t name_bytes) {
  if (bytes.be32(0) != 0xFF744F63 || bytes.be32(4) != 2) return std::nullopt;
  std::uint32_t before = 0;
  for (std::uint64_t i = 0; i < 256; ++i) {
    const std::uint32_t count = bytes.be32(k_table_at + 4 * i);
    if (count < before) return std::nullopt;
    before = count;
  }
  const std::uint64_t least = k_names_at + std::uint64_t{before} * (name_bytes + 8) + 2 * name_bytes;
  if (bytes.size() < least) return std::nullopt;
  return PackIndex(bytes, name_bytes, before);
}

bool PackIndex::has(std::string_view name) const {
  if (name.size() != name_bytes_) return false;
  const auto first = static_cast<std::uint8_t>(name[0]);
  std::uint32_t from = first == 0 ? 0 : bytes_.be32(k_table_at + 4 * (std::uint64_t{first} - 1));
  std::uint32_t to = bytes_.be32(k_table_at + 4 * std::uint64_t{first});
  while (from < to) {
    const std::uint32_t middle = from + (to - from) / 2;
    const std::string_view there = bytes_.part(k_names_at + std::uint64_t{middle} * name_bytes_, name_bytes_).text();
    if (there == name) return true;
    if (there < name)
      from = middle + 1;
    else
      to = middle;
  }
  return false;
}

std::string_view PackIndex::pack_digest() const {
  return bytes_.part(bytes_.size() - 2 * name_bytes_, name_bytes_).text();
}

std::optional<std::string> parse_object_name(std::string_view digits) {
  if (digits.size() != 40 && digits.size() != 64) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned value = 0;
    for (const char digit : digits.substr(i, 2)) {
      if (digit >= '0' && digit <= '9')
        value = value * 16 + static_cast<unsigned>(digit - '0');
      else if (digit >= 'a' && digit <= 'f')
        value = value * 16 + static_cast<unsigned>(digit - 'a') + 10;
      else
        return std::nullopt;
    }
    bytes += static_cast<char>(value);
  }
  return bytes;
}

}  // namespace lastgood::engines::git
