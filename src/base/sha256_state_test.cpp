// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a noted state is SHA-256's own: gone on from, it gives the digest of the whole.
#include "base/sha256_state.h"

#include <gtest/gtest.h>

#include <string>

namespace lastgood::base {

TEST(Sha256State, gives_the_digest_of_fips_180_4) {
  Sha256State state;
  state.update(ByteView(std::string_view("abc")));
  EXPECT_EQ(hex(ByteView(std::span<const std::uint8_t>(state.digest()))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Sha256State, begins_with_the_constants_of_the_standard) {
  EXPECT_EQ(hex(ByteView(std::span<const std::uint8_t>(Sha256State().noted()))),
            "6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19");
}

TEST(Sha256State, goes_on_from_every_noted_state) {
  std::string text;
  for (int i = 0; i < 4096; ++i) text += static_cast<char>(i * 7 + i / 256);
  const Sha256Digest whole = sha256(ByteView(std::string_view(text)));
  Sha256State state;
  for (std::size_t at = 0; at < text.size(); at += Sha256State::k_block_bytes) {
    Sha256State again(state.noted(), at);
    again.update(ByteView(std::string_view(text).substr(at)));
    ASSERT_EQ(again.digest(), whole) << at;
    state.update(ByteView(std::string_view(text).substr(at, Sha256State::k_block_bytes)));
  }
  EXPECT_EQ(state.digest(), whole);
}

TEST(Sha256State, counts_beyond_32_bits) {
  // The length that SHA-256 ends with is 64 bits wide; 512 MiB of zeros have more bits than 32 can count.
  const std::string zeros(1U << 20U, '\0');
  Sha256State state;
  for (int i = 0; i < 513; ++i) state.update(ByteView(std::string_view(zeros)));
  Sha256State again(state.noted(), std::uint64_t{513} << 20U);
  EXPECT_EQ(again.digest(), state.digest());
}

}  // namespace lastgood::base
