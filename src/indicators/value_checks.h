// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Checksums that tell a real value from a chance run of letters. Pure.
#pragma once

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

}  // namespace lastgood::indicators
