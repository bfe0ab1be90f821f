// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "persons/person_key.h"

#include <sodium.h>

#include <algorithm>

#include "base/byte_view.h"

namespace lastgood::persons {

namespace {
constexpr std::size_t k_part_bytes_max = 512;
static_assert(crypto_shorthash_siphashx24_KEYBYTES == std::tuple_size_v<PersonSecret>);
static_assert(crypto_shorthash_siphashx24_BYTES == sizeof(PersonKey));
}  // namespace

PersonKey KeyMaker::make(char kind, std::string_view space, std::string_view value) const {
  std::array<std::uint8_t, 2 * k_part_bytes_max + 3> text;  // not cleared: a kilobyte for each identifier
  std::size_t size = 0;
  text[size++] = static_cast<std::uint8_t>(kind);
  const auto put = [&](std::string_view part) {
    for (const char c : part.substr(0, k_part_bytes_max)) text.at(size++) = static_cast<std::uint8_t>(c);
    text.at(size++) = 0;
  };
  put(space);
  put(value);
  std::array<std::uint8_t, sizeof(PersonKey)> hash{};
  crypto_shorthash_siphashx24(hash.data(), text.data(), size, secret_.data());
  const base::ByteView bytes{std::span<const std::uint8_t>(hash)};
  return {.high = bytes.le64(0), .low = bytes.le64(8)};
}

}  // namespace lastgood::persons
