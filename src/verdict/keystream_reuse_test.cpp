// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Lays one keystream over text, over records with zeros and over random bytes, and asks that only what carries it is
// named; and that ordinary content of fixed periods is left alone.
#include "verdict/keystream_reuse.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "verdict/randomness.h"

namespace lastgood::verdict {

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes noise(std::size_t count, unsigned seed) {
  std::mt19937 engine(seed);
  Bytes bytes(count);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(engine());
  return bytes;
}

Bytes text(std::size_t count) {
  static const std::string k_words[] = {"patient", "ward ", "result ", "of the ", "12.5 ", "2022-11-23 ", "normal\n"};
  std::mt19937 engine(5);
  Bytes bytes;
  while (bytes.size() < count) {
    const std::string& word = k_words[engine() % std::size(k_words)];
    bytes.insert(bytes.end(), word.begin(), word.end());
  }
  bytes.resize(count);
  return bytes;
}

/// 128-byte records: a number, some text, zeros.
Bytes records(std::size_t count) {
  Bytes bytes(count);
  for (std::size_t at = 0; at + 128 <= count; at += 128) {
    bytes[at] = static_cast<std::uint8_t>(at / 128);
    for (std::size_t i = 4; i < 40; ++i) bytes[at + i] = static_cast<std::uint8_t>('a' + (at / 7 + i) % 26);
  }
  return bytes;
}

void lay_over(Bytes& bytes, std::size_t from, std::size_t to) {
  const Bytes key = noise(k_cell_bytes, 77);
  for (std::size_t i = from; i < std::min(to, bytes.size()); ++i) bytes[i] ^= key[(i - from) % k_cell_bytes];
}

std::optional<KeystreamReuse> find(const Bytes& bytes) {
  return find_keystream_reuse(base::ByteView(std::span<const std::uint8_t>(bytes)));
}

std::uint64_t covered(const std::vector<model::ByteRange>& ranges) {
  std::uint64_t sum = 0;
  for (const model::ByteRange& range : ranges) sum += range.length();
  return sum;
}

TEST(KeystreamReuse, is_found_at_64_of_every_192_bytes_of_text_and_of_records) {
  for (Bytes bytes : {text(40'000), records(40'000), text(8'000), text(2'500)}) {
    for (std::size_t at = 0; at + 64 <= bytes.size(); at += 192) lay_over(bytes, at, at + 64);
    const auto found = find(bytes);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->period_bytes, 192U);
    EXPECT_NEAR(static_cast<double>(covered(found->ranges)), static_cast<double>(bytes.size()) / 3,
                static_cast<double>(bytes.size()) / 50);
  }
}

TEST(KeystreamReuse, is_found_over_the_first_bytes_and_at_the_few_places_behind_them) {
  Bytes bytes = text(60'000);
  lay_over(bytes, 0, 4992);
  std::size_t pieces = 0;
  for (std::size_t at = 5000 + 6336; at + 64 <= bytes.size(); at += 6400, ++pieces) lay_over(bytes, at, at + 64);
  const auto found = find(bytes);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->period_bytes, 64U);
  EXPECT_GE(found->ranges.size(), pieces / 2);
  EXPECT_EQ(found->ranges.front().from, 0U);
  EXPECT_GE(found->ranges.front().to, 4000U);
}

TEST(KeystreamReuse, is_not_seen_in_text_records_zeros_or_random_bytes) {
  EXPECT_FALSE(find(text(60'000)));
  EXPECT_FALSE(find(records(60'000)));
  EXPECT_FALSE(find(Bytes(60'000)));
  for (unsigned seed = 0; seed < 50; ++seed) EXPECT_FALSE(find(noise(20'000, seed))) << seed;
  EXPECT_FALSE(find({}));
  EXPECT_FALSE(find(noise(64, 1)));
}

TEST(KeystreamReuse, is_not_seen_in_records_that_hold_one_digest_each) {
  Bytes bytes = records(60'000);
  for (std::size_t at = 64; at + 64 <= bytes.size(); at += 128) {
    const Bytes digest = noise(64, static_cast<unsigned>(at));
    std::copy(digest.begin(), digest.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
  }
  EXPECT_FALSE(find(bytes));
}

}  // namespace

}  // namespace lastgood::verdict
