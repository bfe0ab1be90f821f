// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that contents are numbered in the order they come, each once, however many and however alike their keys are.
#include "recovery/content_table.h"

#include <chrono>
#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace lastgood::recovery {
namespace {

/// Keys that differ in one word only, as somebody would make them who wants one slot for all.
std::string key_with(std::uint64_t word, std::size_t place) {
  std::string key(ContentTable::k_key_bytes, 'x');
  std::memcpy(key.data() + 8 * place, &word, sizeof word);
  return key;
}

TEST(ContentTable, NumbersKeysInTheOrderTheyComeAndFindsThemAfterItHasGrown) {
  ContentTable table;
  constexpr std::uint32_t k_count = 50'000;
  for (std::uint32_t i = 0; i < k_count; ++i) {
    const ContentTable::Added added = table.add(key_with(i, i % 4));
    ASSERT_TRUE(added.is_new);
    ASSERT_EQ(added.number, i);
  }
  for (std::uint32_t i = 0; i < k_count; ++i) {
    const ContentTable::Added again = table.add(key_with(i, i % 4));
    ASSERT_FALSE(again.is_new);
    ASSERT_EQ(again.number, i);
    ASSERT_EQ(table.find(key_with(i, i % 4)), i);
    ASSERT_EQ(table.key(i), key_with(i, i % 4));
  }
  EXPECT_EQ(table.size(), k_count);
}

TEST(ContentTable, FindsNothingForAKeyThatNobodyAddedOrThatHasAnotherLength) {
  ContentTable table;
  EXPECT_EQ(table.find(key_with(1, 0)), ContentTable::k_none);
  table.add(key_with(1, 0));
  EXPECT_EQ(table.find(key_with(1, 1)), ContentTable::k_none);
  EXPECT_EQ(table.find("short"), ContentTable::k_none);
}

TEST(ContentTable, KeysMadeUpToShareTheirLowOrTheirHighBitsDoNotCrowdOnePlace) {
  ContentTable table;
  constexpr std::uint64_t k_count = 200'000;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; i < k_count; ++i) table.add(key_with(i << 46U, 0));
  for (std::uint64_t i = 0; i < k_count; ++i) table.add(key_with(i, 3));
  // One chain of all of them would take 10^10 comparisons.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
  EXPECT_EQ(table.size(), 2 * k_count);
}

}  // namespace
}  // namespace lastgood::recovery
