// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/value_checks.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/checksum.h"
#include "base/letters.h"

namespace lastgood::indicators {

namespace {

using base::ByteView;
using base::lower;

constexpr std::string_view k_base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view k_bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t k_base58_bytes_max = 40;
constexpr std::size_t k_base58_decoded_bytes = 25;

ByteView view(const std::vector<std::uint8_t>& bytes) { return ByteView(std::span<const std::uint8_t>(bytes)); }

std::optional<std::vector<std::uint8_t>> decode_base32(std::string_view text) {
  std::vector<std::uint8_t> out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const char l = lower(c);
    std::uint32_t value = 0;
    if (l >= 'a' && l <= 'z')
      value = static_cast<std::uint32_t>(l - 'a');
    else if (l >= '2' && l <= '7')
      value = static_cast<std::uint32_t>(l - '2' + 26);
    else
      return std::nullopt;
    bits = (bits << 5) | value;
    held += 5;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<std::uint8_t>((bits >> held) & 0xFF));
    }
  }
  return out;
}

std::optional<std::uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  const char l = lower(c);
  if (l >= 'a' && l <= 'f') return static_cast<std::uint8_t>(l - 'a' + 10);
  return std::nullopt;
}

std::uint32_t bech32_step(std::uint32_t checksum, std::uint32_t value) {
  constexpr std::array<std::uint32_t, 5> k_generator = {0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3};
  const std::uint32_t top = checksum >> 25;
  checksum = ((checksum & 0x1FFFFFF) << 5) ^ value;
  for (std::size_t i = 0; i < k_generator.size(); ++i) {
    if (((top >> i) & 1) != 0) checksum ^= k_generator.at(i);
  }
  return checksum;
}

}  // namespace

bool is_onion_v3(std::string_view label) {
  constexpr std::size_t k_key_bytes = 32;
  const auto decoded = decode_base32(label);
  if (label.size() != 56 || !decoded || decoded->size() != 35 || decoded->back() != 3) return false;
  constexpr std::string_view k_constant = ".onion checksum";
  std::array<std::uint8_t, 15 + k_key_bytes + 1> message{};
  std::copy(k_constant.begin(), k_constant.end(), message.begin());
  std::copy_n(decoded->begin(), k_key_bytes, message.begin() + k_constant.size());
  message.back() = 3;
  const base::Sha256Digest digest = base::sha3_256(ByteView(std::span<const std::uint8_t>(message)));
  return digest[0] == (*decoded)[k_key_bytes] && digest[1] == (*decoded)[k_key_bytes + 1];
}

bool is_base58check(std::string_view text) {
  if (text.size() < 26 || text.size() > k_base58_bytes_max) return false;
  std::array<std::uint8_t, k_base58_decoded_bytes> number{};
  for (const char c : text) {
    const std::size_t digit = k_base58.find(c);
    if (digit == std::string_view::npos) return false;
    std::uint32_t carry = static_cast<std::uint32_t>(digit);
    for (std::size_t i = number.size(); i-- > 0;) {
      carry += number[i] * 58U;
      number[i] = static_cast<std::uint8_t>(carry & 0xFF);
      carry >>= 8;
    }
    if (carry != 0) return false;
  }
  const ByteView bytes{std::span<const std::uint8_t>(number)};
  const base::Sha256Digest once = base::sha256(bytes.part(0, 21));
  const base::Sha256Digest twice = base::sha256(ByteView(std::span<const std::uint8_t>(once)));
  return ByteView(std::span<const std::uint8_t>(twice)).part(0, 4).text() == bytes.part(21).text();
}

bool is_bech32(std::string_view text) {
  constexpr std::uint32_t k_bech32m = 0x2BC830A3;
  const std::size_t separator = text.rfind('1');
  if (separator == std::string_view::npos || separator < 2 || text.size() - separator < 7 || text.size() > 90)
    return false;
  const bool has_lower = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  const bool has_upper = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (has_lower && has_upper) return false;
  std::uint32_t checksum = 1;
  for (std::size_t i = 0; i < separator; ++i)
    checksum = bech32_step(checksum, static_cast<std::uint32_t>(lower(text[i])) >> 5);
  checksum = bech32_step(checksum, 0);
  for (std::size_t i = 0; i < separator; ++i)
    checksum = bech32_step(checksum, static_cast<std::uint32_t>(lower(text[i])) & 31);
  for (const char c : text.substr(separator + 1)) {
    const std::size_t value = k_bech32.find(lower(c));
    if (value == std::string_view::npos) return false;
    checksum = bech32_step(checksum, static_cast<std::uint32_t>(value));
  }
  return checksum == 1 || checksum == k_bech32m;
}

bool is_tox_id(std::string_view hex) {
  if (hex.size() != 76) return false;
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const auto high = hex_digit(hex[i]);
    const auto low = hex_digit(hex[i + 1]);
    if (!high || !low) return false;
    bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
  }
  std::uint8_t even = 0;
  std::uint8_t odd = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    even ^= view(bytes).u8(i);
    odd ^= view(bytes).u8(i + 1);
  }
  // All zeros would pass too, and is nobody's key.
  return even == 0 && odd == 0 && std::any_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte != 0; });
}

std::optional<TelegramName> find_telegram_name(std::string_view text, std::size_t at) {
  constexpr std::size_t k_name_bytes_min = 5;
  constexpr std::size_t k_name_bytes_max = 32;
  constexpr std::string_view k_old_invitation = "joinchat/";
  const auto is_name = [](char c) {
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || c == '-';
  };
  std::size_t begin = at;
  if (text.substr(at, 1) == "+") begin = at + 1;
  if (text.substr(at, k_old_invitation.size()) == k_old_invitation) begin = at + k_old_invitation.size();
  const bool is_invitation = begin != at;
  std::size_t to = begin;
  // Only invitations hold hyphens.
  while (to < text.size() && to - begin < k_name_bytes_max && is_name(text[to]) && (is_invitation || text[to] != '-'))
    ++to;
  if (to - begin < k_name_bytes_min) return std::nullopt;
  std::string name = (is_invitation ? "+" : "") + std::string(text.substr(begin, to - begin));
  if (!is_invitation) name = lower(name);
  return TelegramName{.name = std::move(name), .from = at, .to = to};
}

}  // namespace lastgood::indicators
