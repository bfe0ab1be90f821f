// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Addresses of crypto currencies, told from chance by their own checksums. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lastgood::indicators {

struct CoinAddress {
  std::string_view kind;   // "btc", "ltc", "doge", "dash", "zec", "trx", "xrp", "bch", "xmr", "eth"
  std::string value;       // as its owner writes it; lower case where case means nothing
  std::string_view level;  // "checksum", or "shape": an Ethereum address without capitals has no checksum
};

/// `run`: letters and digits, nothing before and after. Base58Check (Bitcoin and its kin, Tron, XRP by its own
/// alphabet), Bech32 and Bech32m with a witness program of BIP 141 and BIP 350, CashAddr, Monero's base58 with
/// Keccak-256, EIP-55. Kinds that share version bytes are named by the one that is used most: "btc" for "1..." and
/// "3...".
[[nodiscard]] std::optional<CoinAddress> find_coin_address(std::string_view run);

}  // namespace lastgood::indicators
