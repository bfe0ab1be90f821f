// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that records of an attacker's log say no more than that many rows are gone, and cost no more than they are
// long.
#include "engines/postgresql/wal_removals.h"

#include <gtest/gtest.h>

#include <random>

#include "engines/testing/memory_view.h"

namespace lastgood::engines::postgresql {
namespace {

WalRecord record_of(std::uint8_t manager, std::uint8_t info, std::string_view data,
                    std::span<const BlockReference> blocks = {}) {
  return {.transaction = 700, .info = info, .manager = manager, .blocks = blocks, .data = base::ByteView(data)};
}

KnownTables tables() {
  KnownTables known;
  known.databases[5] = "his";
  known.numbers[{5, 20000}] = 16384;
  known.names[{5, 16384}] = "public.orders";
  return known;
}

TEST(WalRemovals, CountTheRowsOfCommitsAloneFromManyOn) {
  const BlockReference block{.place = {.tablespace = 1663, .database = 5, .relation = 20000}};
  const std::string time("\x40\x42\x0f\0\0\0\0\0", 8);
  for (const std::uint64_t rows : {k_many_rows - 1, k_many_rows}) {
    for (const std::uint8_t end : {std::uint8_t{0x00}, std::uint8_t{0x20}}) {  // a commit, and one that was given up
      WalRemovals removals;
      for (std::uint64_t i = 0; i < rows; ++i) removals.note(record_of(k_manager_heap, 0x10, {}, std::span(&block, 1)));
      removals.note(record_of(k_manager_transaction, end, time));
      const LogRemovals found = removals.finish(tables(), tables());
      EXPECT_EQ(found.last.size(), rows == k_many_rows && end == 0x00 ? 1U : 0U) << rows << " " << int{end};
      if (!found.last.empty()) EXPECT_EQ(found.last[0].what, "100 rows deleted from public.orders (database his)");
    }
  }
}

TEST(WalRemovals, TakeAnyBytesAndBelieveNoCount) {
  std::minstd_rand random(7);
  const auto byte = [&] { return static_cast<std::uint8_t>(random() >> 8U); };
  WalRemovals removals;
  for (int i = 0; i < 20'000; ++i) {
    std::string data(byte() % 64, '\0');
    for (char& c : data) c = static_cast<char>(byte() % 3 == 0 ? 0xFF : byte());  // counts of four thousand million
    const BlockReference block{.place = {.database = byte() % 8U, .relation = 16'384U + byte()}, .id = 0, .fork = 0};
    removals.note(record_of(byte() % 12, byte(), data, std::span(&block, byte() % 2)));
  }
  EXPECT_LE(removals.finish(tables(), tables()).last.size(), LogRemovals::k_kept_max);
}

TEST(KnownTables, OfACopyWhoseListsAreBrokenAreNone) {
  testing::MemoryView copy;
  EXPECT_TRUE(read_known_tables(copy, {}).databases.empty()) << "nothing is there";
  copy.files["global/pg_filenode.map"] = std::string(512, '\xFF');
  copy.files["global/0"] = std::string(100'000, '\xFF');
  EXPECT_TRUE(read_known_tables(copy, {}).databases.empty());
}

}  // namespace
}  // namespace lastgood::engines::postgresql
