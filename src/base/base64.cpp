// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <array>

namespace lastgood::base {

namespace {

constexpr std::uint8_t k_no_sextet = 0xFF;

constexpr std::array<std::uint8_t, 256> make_sextets() {
  std::array<std::uint8_t, 256> sextets{};
  sextets.fill(k_no_sextet);
  constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < k_alphabet.size(); ++i) {
    sextets[static_cast<std::uint8_t>(k_alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return sextets;
}
constexpr auto k_sextets = make_sextets();

}  // namespace

std::string base64(ByteView bytes) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t left = bytes.size() - at;
    const std::uint32_t group =
        std::uint32_t{bytes.u8(at)} << 16U | std::uint32_t{bytes.u8(at + 1)} << 8U | bytes.u8(at + 2);
    out += letters[group >> 18U];
    out += letters[(group >> 12U) & 63U];
    out += left > 1 ? letters[(group >> 6U) & 63U] : '=';
    out += left > 2 ? letters[group & 63U] : '=';
  }
  return out;
}

std::optional<std::string> parse_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  std::uint32_t bit_count = 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const std::uint8_t sextet = k_sextets[static_cast<std::uint8_t>(c)];
    if (sextet == k_no_sextet) return std::nullopt;
    bits = (bits << 6U | sextet) & 0xFFFFFF;
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    out.push_back(static_cast<char>(bits >> bit_count & 0xFFU));
  }
  return out;
}

}  // namespace lastgood::base
