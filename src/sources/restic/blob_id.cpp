// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/blob_id.h"

#include <algorithm>

#include "base/checksum.h"

namespace lastgood::sources::restic {

namespace {

constexpr std::uint8_t k_no_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(k_no_digit);
  for (std::uint8_t i = 0; i < 10; ++i) digits[std::size_t{'0'} + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i) digits[std::size_t{'a'} + i] = static_cast<std::uint8_t>(10 + i);
  return digits;
}
constexpr auto k_digits = make_digits();

}  // namespace

std::optional<BlobId> parse_id(std::string_view hex) {
  BlobId id;
  if (hex.size() != 2 * id.size()) return std::nullopt;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const std::uint8_t high = k_digits[static_cast<std::uint8_t>(hex[2 * i])];
    const std::uint8_t low = k_digits[static_cast<std::uint8_t>(hex[2 * i + 1])];
    if (high == k_no_digit || low == k_no_digit) return std::nullopt;
    id[i] = static_cast<std::uint8_t>(high << 4U | low);
  }
  return id;
}

std::optional<BlobId> id_from_bytes(std::string_view bytes) {
  BlobId id;
  if (bytes.size() != id.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), id.begin());
  return id;
}

std::string hex_of(const BlobId& id) { return base::hex(base::ByteView(std::span<const std::uint8_t>(id))); }

std::string short_hex_of(const BlobId& id) { return hex_of(id).substr(0, 10); }

}  // namespace lastgood::sources::restic
