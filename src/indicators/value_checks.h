// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Checksums and forms that tell a real value from a chance run of letters. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::indicators {

/// 56 base32 letters before ".onion": Tor's rend-spec-v3, section 6 [ONIONADDRESS]: public key, 2 bytes SHA3 checksum,
/// version 3.
bool is_onion_v3(std::string_view label);

/// Bitcoin (and Litecoin, Dash, ...) base58 with a four-byte double SHA-256 checksum; version byte of a payment
/// address.
bool is_base58check(std::string_view text);

/// Bech32 and Bech32m (BIP 173, BIP 350), human part "bc" or "ltc"; lower or upper case, not mixed.
bool is_bech32(std::string_view text);

/// Tox ID: 76 hex digits: key 32 bytes, nospam 4, checksum 2: the XOR of all pairs is zero.
bool is_tox_id(std::string_view hex);

/// What stands behind "t.me/": the name of an account or a channel in lower case, or an invitation, of which each
/// letter counts ("+AbC..." and, as it was written before, "joinchat/AbC...").
struct TelegramName {
  std::string name;
  std::size_t from = 0;
  std::size_t to = 0;
};
std::optional<TelegramName> find_telegram_name(std::string_view text, std::size_t at);

}  // namespace lastgood::indicators
