// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves Keccak-256 by digests that everybody who uses Ethereum knows, and around the ends of its blocks.
#include "base/keccak.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace lastgood::base {
namespace {

std::string digest_of(const std::string& text) {
  const Sha256Digest digest = keccak_256(ByteView(std::string_view(text)));
  return hex(ByteView(std::span<const std::uint8_t>(digest)));
}

TEST(Keccak, GivesTheDigestsThatEthereumUses) {
  EXPECT_EQ(digest_of(""), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(digest_of("abc"), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
  EXPECT_EQ(digest_of("transfer(address,uint256)").substr(0, 8), "a9059cbb");
  EXPECT_EQ(digest_of("Transfer(address,address,uint256)"),
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
}

TEST(Keccak, TellsLengthsAroundABlockApart) {
  std::set<std::string> digests;
  for (std::size_t length = 120; length < 290; ++length) digests.insert(digest_of(std::string(length, 'a')));
  EXPECT_EQ(digests.size(), 170U);
}

}  // namespace
}  // namespace lastgood::base
