// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a journal's objects are followed from the header to the tail. Real journals begin at 8 MiB, so these are
// made.
#include "formats/journald/journald_walker.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

void put(std::vector<std::uint8_t>& bytes, std::size_t at, std::uint64_t value) {
  for (unsigned i = 0; i < 8; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

constexpr std::size_t k_header_bytes = 264;

/// A closed journal: `objects` data objects of 100 bytes, then zeros to the end of the arena.
std::vector<std::uint8_t> journal(std::size_t objects) {
  std::vector<std::uint8_t> bytes(k_header_bytes + objects * 104 + 512, 0);
  const std::string signature = "LPKSHHRH";
  std::copy(signature.begin(), signature.end(), bytes.begin());
  for (std::size_t i = 0; i < objects; ++i) {
    const std::size_t at = k_header_bytes + i * 104;
    bytes[at] = 1;
    put(bytes, at + 8, 100);
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at + 64), 36, std::uint8_t{'m'});
  }
  put(bytes, 88, k_header_bytes);
  put(bytes, 96, bytes.size() - k_header_bytes);
  put(bytes, 136, k_header_bytes + (objects - 1) * 104);
  put(bytes, 144, objects);
  return bytes;
}

std::vector<testing::Sample> journals() { return {{.name = "system.journal", .bytes = journal(12)}}; }

}  // namespace

LASTGOOD_WALKER_SUITE(Journald, k_journald_format, "journald", {.made_whole = journals});

TEST(JournaldWalker, names_the_byte_from_which_on_objects_are_gone) {
  std::vector<std::uint8_t> bytes = journal(12);
  const std::size_t from = k_header_bytes + 5 * 104;
  const std::vector<std::uint8_t> noise = testing::random_bytes(200, 9);
  std::copy(noise.begin(), noise.end(), bytes.begin() + static_cast<std::ptrdiff_t>(from));
  const WalkReport report = testing::walk_bytes(k_journald_format, bytes, model::Depth::standard);
  ASSERT_EQ(report.shape, Shape::broken);
  EXPECT_EQ(report.findings.back().range.from, from);
}

TEST(JournaldWalker, counts_the_objects_of_a_closed_journal) {
  std::vector<std::uint8_t> bytes = journal(12);
  put(bytes, 144, 13);
  EXPECT_EQ(testing::walk_bytes(k_journald_format, bytes, model::Depth::standard).shape, Shape::broken);
  bytes[16] = 1;  // still open: counts may lag
  EXPECT_EQ(testing::walk_bytes(k_journald_format, bytes, model::Depth::standard).shape, Shape::whole);
}

}  // namespace lastgood::formats
