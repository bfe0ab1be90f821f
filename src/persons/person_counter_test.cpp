// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that counting is exact, in memory and spilled, against a plain count of the same rows; and what shared, second
// and stand-in identifiers do to the bounds.
#include "persons/person_counter.h"

#include <functional>
#include <map>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace lastgood::persons {
namespace {

PersonKey key(std::uint64_t number, char kind = 'A') {
  return KeyMaker(PersonSecret{7}).make(kind, "", std::to_string(number));
}

PersonCount counted(PersonCounter& counter) {
  auto result = counter.finish();
  EXPECT_TRUE(result.ok());
  return result.ok() ? result.value() : PersonCount{};
}

struct Row {
  std::uint64_t primary = 0;
  std::vector<std::uint64_t> others;
};

/// Groups of identifiers that rows join, the plain way.
std::uint64_t plain_groups(const std::vector<Row>& rows) {
  std::map<std::uint64_t, std::uint64_t> parents;
  std::function<std::uint64_t(std::uint64_t)> root = [&](std::uint64_t id) {
    while (parents[id] != id) id = parents[id] = parents[parents[id]];
    return id;
  };
  for (const Row& row : rows) {
    parents.emplace(row.primary, row.primary);
    for (const std::uint64_t other : row.others) {
      parents.emplace(other, other);
      parents[root(other)] = root(row.primary);
    }
  }
  std::set<std::uint64_t> groups;
  for (const Row& row : rows) groups.insert(root(row.primary));
  return groups.size();
}

std::vector<Row> random_rows(std::uint64_t seed, std::size_t count) {
  std::mt19937_64 random(seed);
  std::vector<Row> rows(count);
  for (Row& row : rows) {
    row.primary = random() % (count / 3);
    const std::size_t others = random() % 3;
    for (std::size_t i = 0; i < others; ++i) row.others.push_back(1'000'000'000 + random() % count);
  }
  return rows;
}

void expect_exact(const std::vector<Row>& rows, CountOptions options, bool must_spill) {
  PersonCounter counter(std::move(options));
  std::set<std::uint64_t> primaries;
  for (const Row& row : rows) {
    std::vector<PersonKey> others;
    for (const std::uint64_t other : row.others) others.push_back(key(other));
    ASSERT_TRUE(counter.add(key(row.primary), others).ok());
    primaries.insert(row.primary);
  }
  const PersonCount count = counted(counter);
  EXPECT_EQ(count.identifiers, primaries.size());
  EXPECT_EQ(count.upper, primaries.size());
  EXPECT_EQ(count.lower, plain_groups(rows));
  EXPECT_EQ(count.rows, rows.size());
  EXPECT_EQ(count.spilled_bytes > 0, must_spill);
}

TEST(PersonCounter, counts_exactly_in_memory) {
  for (std::uint64_t seed = 1; seed <= 3; ++seed) expect_exact(random_rows(seed, 20'000), {}, false);
}

TEST(PersonCounter, counts_exactly_when_most_of_it_is_spilled_many_times) {
  expect_exact(random_rows(4, 200'000), {.spill_folder = testing::TempDir(), .memory_bytes_max = 3 << 20}, true);
}

TEST(PersonCounter, nothing_counted_is_zero_and_one_row_without_id_is_between_one_and_one) {
  PersonCounter none{CountOptions{}};
  EXPECT_EQ(counted(none).upper, 0U);
  PersonCounter one{CountOptions{}};
  one.add_without_id();
  const PersonCount count = counted(one);
  EXPECT_EQ(count.lower, 1U);
  EXPECT_EQ(count.upper, 1U);
}

TEST(PersonCounter, an_identifier_that_a_row_shows_to_be_a_second_one_is_not_counted_above) {
  PersonCounter counter{CountOptions{}};
  const std::vector<PersonKey> aadhaar = {key(50)};
  ASSERT_TRUE(counter.add(key(1), aadhaar).ok());  // hospital number 1 has Aadhaar 50
  ASSERT_TRUE(counter.add(key(50), {}).ok());      // another table knows the Aadhaar number only
  ASSERT_TRUE(counter.add(key(2), {}).ok());
  const PersonCount count = counted(counter);
  EXPECT_EQ(count.identifiers, 3U);
  EXPECT_EQ(count.absorbed, 1U);
  EXPECT_EQ(count.upper, 2U);
  EXPECT_EQ(count.lower, 2U);
}

TEST(PersonCounter, two_hospital_numbers_with_one_aadhaar_are_one_below_and_two_above) {
  PersonCounter counter{CountOptions{}};
  const std::vector<PersonKey> aadhaar = {key(50)};
  ASSERT_TRUE(counter.add(key(1), aadhaar).ok());
  ASSERT_TRUE(counter.add(key(2), aadhaar).ok());
  const PersonCount count = counted(counter);
  EXPECT_EQ(count.lower, 1U);
  EXPECT_EQ(count.upper, 2U);
}

TEST(PersonCounter, a_value_that_too_many_share_joins_nobody) {
  PersonCounter counter{CountOptions{}};
  const std::vector<PersonKey> stand_in = {key(999)};
  for (std::uint64_t i = 0; i < k_placeholder_persons + 1; ++i) ASSERT_TRUE(counter.add(key(i), stand_in).ok());
  const PersonCount count = counted(counter);
  EXPECT_EQ(count.placeholders, 1U);
  EXPECT_EQ(count.lower, k_placeholder_persons + 1);
}

TEST(PersonCounter, contacts_are_counted_once_each_above_and_not_below) {
  PersonCounter counter{CountOptions{}};
  for (std::uint64_t i = 0; i < 10; ++i) ASSERT_TRUE(counter.add_contact(key(i % 4)).ok());
  ASSERT_TRUE(counter.add(key(100), {}).ok());
  const PersonCount count = counted(counter);
  EXPECT_EQ(count.contacts, 4U);
  EXPECT_EQ(count.upper, 5U);
  EXPECT_EQ(count.lower, 1U);
}

TEST(PersonKey, depends_on_secret_kind_numbering_and_value) {
  const KeyMaker one(PersonSecret{1});
  const KeyMaker two(PersonSecret{2});
  EXPECT_EQ(one.make('A', "x", "1"), one.make('A', "x", "1"));
  EXPECT_NE(one.make('A', "x", "1"), two.make('A', "x", "1"));
  EXPECT_NE(one.make('A', "x", "1"), one.make('B', "x", "1"));
  EXPECT_NE(one.make('A', "x", "1"), one.make('A', "y", "1"));
  EXPECT_NE(one.make('A', "x1", ""), one.make('A', "x", "1"));
}

TEST(PersonCounter, a_folder_where_nothing_can_be_written_is_an_error_and_no_wrong_count) {
  PersonCounter counter{CountOptions{.spill_folder = "/nowhere-at-all", .memory_bytes_max = 1 << 16}};
  bool failed = false;
  for (std::uint64_t i = 0; i < 100'000 && !failed; ++i) failed = !counter.add(key(i), {}).ok();
  EXPECT_TRUE(failed);
}

}  // namespace
}  // namespace lastgood::persons
