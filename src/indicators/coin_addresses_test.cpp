// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that real addresses are known and that no change of a letter goes through. Addresses are the examples of the
// standards (BIP 173, BIP 350, EIP-55, CashAddr) and public addresses of foundations.
#include "indicators/coin_addresses.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace lastgood::indicators {
namespace {

struct Known {
  const char* kind;
  const char* address;
};

constexpr Known k_known[] = {
    {"btc", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"},
    {"btc", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"},
    {"btc", "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"},
    {"btc", "1111111111111111111114oLvT2"},
    {"btc", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"},
    {"btc", "bc1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3qccfmv3"},
    {"btc", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"},
    {"btc", "bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y"},
    {"btc", "bc1sw50qgdz25j"},
    {"bch", "qr95sy3j9xwd2ap32xkykttr4cvcu7as4y0qverfuy"},
    {"xrp", "rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh"},
    {"trx", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"},
    {"xmr", "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"},
    {"eth", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"},
    {"eth", "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"},
    {"eth", "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB"},
    {"eth", "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb"},
};

TEST(CoinAddress, IsKnownByItsChecksum) {
  for (const Known& known : k_known) {
    const auto found = find_coin_address(known.address);
    ASSERT_TRUE(found) << known.address;
    EXPECT_EQ(found->kind, known.kind) << known.address;
    EXPECT_EQ(found->level, "checksum") << known.address;
  }
}

TEST(CoinAddress, IsNoneWhenOneLetterIsAnother) {
  for (const Known& known : k_known) {
    const std::string address = known.address;
    for (std::size_t at = 0; at < address.size(); ++at) {
      for (const char letter : std::string_view("2qzZ7afK")) {
        std::string changed = address;
        if (changed[at] == letter) continue;
        changed[at] = letter;
        // Ethereum's letters carry no more than a bit each: digits may change unseen with one chance in 2^n.
        if (std::string_view(known.kind) == "eth") continue;
        EXPECT_FALSE(find_coin_address(changed)) << changed;
      }
    }
  }
}

TEST(CoinAddress, WithoutCapitalsHasTheShapeOnly) {
  EXPECT_EQ(find_coin_address("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed")->level, "shape");
  EXPECT_FALSE(find_coin_address("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"));
}

TEST(CoinAddress, OfTheRightSumButTheWrongKindIsNone) {
  // BIP 350: version 0 with Bech32m, versions above with Bech32, bad lengths, mixed case, bad padding.
  for (const char* const text :
       {"bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh", "bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4",
        "BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R", "bc1pw5dgrnzv",
        "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav",
        "bc1qr508d6qejxtdg4y5r3zarvaryvqyzf3du", "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf",
        "Bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "bc1gmk9yu"}) {
    EXPECT_FALSE(find_coin_address(text)) << text;
  }
}

TEST(CoinAddress, IsNotFoundInRandomLetters) {
  std::mt19937_64 rolls(7);
  constexpr std::string_view k_letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  for (int i = 0; i < 200'000; ++i) {
    std::string text(i % 3 == 0 ? 34 : i % 3 == 1 ? 42 : 95, ' ');
    for (char& c : text) c = k_letters[rolls() % k_letters.size()];
    text[0] = "134bLMDX8qTr"[rolls() % 12];
    EXPECT_FALSE(find_coin_address(text)) << text;
  }
}

}  // namespace
}  // namespace lastgood::indicators
