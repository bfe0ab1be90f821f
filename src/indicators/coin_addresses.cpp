// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/coin_addresses.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/keccak.h"
#include "base/letters.h"

namespace lastgood::indicators {

namespace {

using base::ByteView;
using base::lower;
using Bytes = std::vector<std::uint8_t>;

constexpr std::string_view k_base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::string_view k_base58_ripple = "rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz";
constexpr std::string_view k_bech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::uint8_t k_no_digit = 0xFF;

ByteView view(std::span<const std::uint8_t> bytes) { return ByteView(bytes); }

using Digits = std::array<std::uint8_t, 256>;
constexpr Digits digits_of(std::string_view alphabet) {
  Digits digits{};
  digits.fill(k_no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    digits.at(static_cast<std::uint8_t>(alphabet[i])) = static_cast<std::uint8_t>(i);
  return digits;
}
constexpr Digits k_base58_digits = digits_of(k_base58);
constexpr Digits k_ripple_digits = digits_of(k_base58_ripple);
constexpr Digits k_bech32_digits = digits_of(k_bech32);

/// The number as exactly `length` bytes, big-endian; nothing when it does not fit or a letter is none of the alphabet.
std::optional<Bytes> decode_base58(std::string_view text, const Digits& digits, std::size_t length) {
  Bytes number(length);
  for (const char c : text) {
    std::uint32_t carry = digits[static_cast<std::uint8_t>(c)];
    if (carry == k_no_digit) return std::nullopt;
    for (std::size_t i = length; i-- > 0;) {
      carry += number[i] * 58U;
      number[i] = static_cast<std::uint8_t>(carry & 0xFFU);
      carry >>= 8U;
    }
    if (carry != 0) return std::nullopt;
  }
  return number;
}

/// A letter of value zero at the beginning stands for a zero byte, one for one.
bool has_canonical_zeros(std::string_view text, const Bytes& number, char zero) {
  const std::size_t letters = std::min(text.find_first_not_of(zero), text.size());
  const auto first = std::find_if(number.begin(), number.end(), [](std::uint8_t byte) { return byte != 0; });
  return letters == static_cast<std::size_t>(first - number.begin());
}

bool has_double_sha256(const Bytes& number) {
  const ByteView bytes = view(number);
  const std::size_t body = number.size() - 4;
  const base::Sha256Digest once = base::sha256(bytes.part(0, body));
  const base::Sha256Digest twice = base::sha256(view(once));
  return view(twice).part(0, 4).text() == bytes.part(body).text();
}

struct VersionRow {
  char first;  // letters that addresses of this version can begin with: a cheap question before the digests
  std::uint8_t version;
  std::string_view kind;
};

/// SLIP-44 names; version bytes from each currency's chain parameters.
constexpr std::array k_versions = {
    VersionRow{'1', 0x00, "btc"},  VersionRow{'3', 0x05, "btc"},  VersionRow{'L', 0x30, "ltc"},
    VersionRow{'M', 0x32, "ltc"},  VersionRow{'D', 0x1E, "doge"}, VersionRow{'A', 0x16, "doge"},
    VersionRow{'9', 0x16, "doge"}, VersionRow{'X', 0x4C, "dash"}, VersionRow{'7', 0x10, "dash"},
    VersionRow{'T', 0x41, "trx"},
};

std::optional<CoinAddress> find_base58check(std::string_view run) {
  constexpr std::size_t k_decoded_bytes = 25;  // version, 20 bytes of hash, checksum
  if (run.size() < 25 || run.size() > 35) return std::nullopt;
  const bool may_be =
      std::any_of(k_versions.begin(), k_versions.end(), [&](const VersionRow& row) { return row.first == run[0]; });
  if (may_be) {
    const auto number = decode_base58(run, k_base58_digits, k_decoded_bytes);
    if (number && has_canonical_zeros(run, *number, '1')) {
      for (const VersionRow& row : k_versions) {
        if (row.first == run[0] && row.version == number->front() && has_double_sha256(*number))
          return CoinAddress{.kind = row.kind, .value = std::string(run), .level = "checksum"};
      }
    }
  }
  if (run[0] == 't' && run.size() == 35) {  // Zcash, transparent: two version bytes
    const auto number = decode_base58(run, k_base58_digits, k_decoded_bytes + 1);
    if (number && (*number)[0] == 0x1C && ((*number)[1] == 0xB8 || (*number)[1] == 0xBD) && has_double_sha256(*number))
      return CoinAddress{.kind = "zec", .value = std::string(run), .level = "checksum"};
  }
  if (run[0] == 'r') {
    const auto number = decode_base58(run, k_ripple_digits, k_decoded_bytes);
    if (number && number->front() == 0 && has_canonical_zeros(run, *number, 'r') && has_double_sha256(*number))
      return CoinAddress{.kind = "xrp", .value = std::string(run), .level = "checksum"};
  }
  return std::nullopt;
}

std::uint32_t bech32_step(std::uint32_t checksum, std::uint32_t value) {
  constexpr std::array<std::uint32_t, 5> k_generator = {0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3};
  const std::uint32_t top = checksum >> 25U;
  checksum = ((checksum & 0x1FFFFFFU) << 5U) ^ value;
  for (std::size_t i = 0; i < k_generator.size(); ++i) {
    if (((top >> i) & 1U) != 0) checksum ^= k_generator.at(i);
  }
  return checksum;
}

/// Five bits each, as the letters give them; nothing when one is none.
std::optional<Bytes> bech32_values(std::string_view text) {
  Bytes values;
  for (const char c : text) {
    const std::uint8_t value = k_bech32_digits[static_cast<std::uint8_t>(c)];
    if (value == k_no_digit) return std::nullopt;
    values.push_back(value);
  }
  return values;
}

/// Bytes of a witness program; 0: the five-bit groups do not end as BIP 173 wants.
std::size_t program_bytes(std::span<const std::uint8_t> groups) {
  const std::size_t bits = groups.size() * 5;
  const std::size_t left = bits % 8;
  if (left >= 5 || groups.empty()) return 0;
  const auto padding = static_cast<std::uint8_t>((1U << left) - 1);
  return (groups.back() & padding) == 0 ? bits / 8 : 0;
}

std::optional<CoinAddress> find_bech32(std::string_view run) {
  constexpr std::uint32_t k_bech32m = 0x2BC830A3;
  if (run.size() < 14 || run.size() > 90) return std::nullopt;
  const std::string text = lower(run);
  if (text != run && std::any_of(run.begin(), run.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
    return std::nullopt;  // both cases
  const bool is_btc = text.starts_with("bc1");
  if (!is_btc && !text.starts_with("ltc1")) return std::nullopt;
  const std::string_view human = std::string_view(text).substr(0, is_btc ? 2 : 3);
  const auto values = bech32_values(std::string_view(text).substr(human.size() + 1));
  if (!values || values->size() < 8) return std::nullopt;
  std::uint32_t checksum = 1;
  for (const char c : human) checksum = bech32_step(checksum, static_cast<std::uint32_t>(c) >> 5U);
  checksum = bech32_step(checksum, 0);
  for (const char c : human) checksum = bech32_step(checksum, static_cast<std::uint32_t>(c) & 31U);
  for (const std::uint8_t value : *values) checksum = bech32_step(checksum, value);
  const std::uint8_t version = values->front();
  if (version > 16 || checksum != (version == 0 ? 1 : k_bech32m)) return std::nullopt;
  const std::size_t length = program_bytes(std::span(*values).subspan(1, values->size() - 7));
  if (length < 2 || length > 40 || (version == 0 && length != 20 && length != 32)) return std::nullopt;
  return CoinAddress{.kind = is_btc ? "btc" : "ltc", .value = text, .level = "checksum"};
}

std::uint64_t cash_step(std::uint64_t checksum, std::uint64_t value) {
  constexpr std::array<std::uint64_t, 5> k_generator = {0x98F2BC8E61, 0x79B76D99E2, 0xF33E5FB3C4, 0xAE2EABE2A8,
                                                        0x1E4F43E470};
  const std::uint64_t top = checksum >> 35U;
  checksum = ((checksum & 0x07FFFFFFFF) << 5U) ^ value;
  for (std::size_t i = 0; i < k_generator.size(); ++i) {
    if (((top >> i) & 1U) != 0) checksum ^= k_generator.at(i);
  }
  return checksum;
}

/// CashAddr of Bitcoin Cash without or behind its "bitcoincash:": 160-bit hashes, 42 letters.
std::optional<CoinAddress> find_cash_address(std::string_view run) {
  if (run.size() != 42 || (run[0] != 'q' && run[0] != 'p')) return std::nullopt;
  const auto values = bech32_values(run);
  if (!values) return std::nullopt;
  std::uint64_t checksum = 1;
  for (const char c : std::string_view("bitcoincash"))
    checksum = cash_step(checksum, static_cast<std::uint64_t>(c) & 31U);
  checksum = cash_step(checksum, 0);
  for (const std::uint8_t value : *values) checksum = cash_step(checksum, value);
  if (checksum != 1) return std::nullopt;
  return CoinAddress{.kind = "bch", .value = "bitcoincash:" + std::string(run), .level = "checksum"};
}

/// Monero: blocks of eight bytes as eleven letters, the last one shorter; network byte, keys, four bytes of Keccak-256.
std::optional<CoinAddress> find_monero(std::string_view run) {
  constexpr std::size_t k_block_letters = 11;
  const bool is_integrated = run.size() == 106;
  if ((run.size() != 95 && !is_integrated) || (run[0] != '4' && run[0] != '8')) return std::nullopt;
  Bytes number;
  for (std::size_t at = 0; at < run.size(); at += k_block_letters) {
    const std::string_view block = run.substr(at, k_block_letters);
    // Seven letters are five bytes.
    const auto bytes = decode_base58(block, k_base58_digits, block.size() == k_block_letters ? 8 : 5);
    if (!bytes || (block.size() != k_block_letters && block.size() != 7)) return std::nullopt;
    number.insert(number.end(), bytes->begin(), bytes->end());
  }
  const std::uint8_t network = number.front();
  if (is_integrated ? network != 19 : network != 18 && network != 42) return std::nullopt;
  const std::size_t body = number.size() - 4;
  const base::Sha256Digest digest = base::keccak_256(view(number).part(0, body));
  if (view(digest).part(0, 4).text() != view(number).part(body).text()) return std::nullopt;
  return CoinAddress{.kind = "xmr", .value = std::string(run), .level = "checksum"};
}

/// EIP-55: capitals where the digest of the lower-case digits has a high nibble.
std::optional<CoinAddress> find_ethereum(std::string_view run) {
  if (run.size() != 42 || !run.starts_with("0x")) return std::nullopt;
  const std::string_view digits = run.substr(2);
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  if (!std::all_of(digits.begin(), digits.end(), is_hex)) return std::nullopt;
  const std::string low = lower(digits);
  const bool has_upper = digits != low;
  const bool has_lower = std::any_of(digits.begin(), digits.end(), [](char c) { return c >= 'a' && c <= 'f'; });
  if (!has_upper || !has_lower) return CoinAddress{.kind = "eth", .value = "0x" + low, .level = "shape"};
  const base::Sha256Digest digest = base::keccak_256(ByteView(std::string_view(low)));
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const std::uint8_t nibble = static_cast<std::uint8_t>(digest.at(i / 2) >> (i % 2 == 0 ? 4U : 0U)) & 15U;
    const bool is_upper = digits[i] >= 'A' && digits[i] <= 'F';
    const bool is_letter = low[i] >= 'a';
    if (is_letter && is_upper != (nibble >= 8)) return std::nullopt;
  }
  return CoinAddress{.kind = "eth", .value = std::string(run), .level = "checksum"};
}

}  // namespace

std::optional<CoinAddress> find_coin_address(std::string_view run) {
  if (run.size() < 14 || run.size() > 106) return std::nullopt;
  if (run[0] == '0') return find_ethereum(run);
  if (auto found = find_base58check(run)) return found;
  if (auto found = find_bech32(run)) return found;
  if (auto found = find_cash_address(run)) return found;
  return find_monero(run);
}

}  // namespace lastgood::indicators
