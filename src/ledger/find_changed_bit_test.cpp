// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that every single changed bit of a ledger is found, and named with its very byte: tried one by one over a
// ledger with a repaired torn end, and at random over a longer one. tests/long/flip_bits.py does 100,000 with the
// program.
#include "ledger/find_changed_bit.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "ledger/testing/sample_ledger.h"

namespace lastgood::ledger {

namespace {

using testing::joined;
using testing::sample_lines;

struct Looked {
  ChainState state;
  std::optional<BreakExtent> extent;
};

Looked look_at(const std::string& text) {
  base::MemorySource source{base::ByteView(std::string_view(text))};
  Looked out{.state = testing::check_text(text), .extent = {}};
  auto extent = find_break_extent(source, out.state);
  EXPECT_TRUE(extent.ok());
  if (extent.ok()) out.extent = extent.value();
  return out;
}

void expect_found(std::string text, std::size_t at, unsigned bit) {
  const char was = text[at];
  text[at] = static_cast<char>(static_cast<unsigned char>(was) ^ (1U << bit));
  const Looked looked = look_at(text);
  ASSERT_TRUE(looked.state.broken || looked.state.torn_end) << at << " bit " << bit;
  ASSERT_TRUE(looked.extent.has_value());
  EXPECT_LE(looked.extent->begin_bytes, at);
  EXPECT_GT(looked.extent->end_bytes, at);
  ASSERT_TRUE(looked.extent->changed.has_value()) << at << " bit " << bit;
  EXPECT_EQ(*looked.extent->changed,
            (ChangedBit{
                .offset_bytes = at, .is = static_cast<std::uint8_t>(text[at]), .was = static_cast<std::uint8_t>(was)}));
}

/// Two entries, torn bytes, the repair that names them, and one entry more.
std::string repaired_text() {
  std::vector<std::string> lines = sample_lines(2);
  const std::string torn = lines[1].substr(0, 40) + "\n\nx";
  const std::string repair = testing::repair_line(3, std::string(digest_in(lines[1])), torn, joined(lines).size());
  return joined(lines) + torn + "\n" + repair + "\n" +
         write_entry(testing::sample_entry(4, std::string(digest_in(repair)))) + "\n";
}

/// $LASTGOOD_FLIPS asks for more: tests/long/flip_bits.py says how.
int flips_to_try(int usual) {
  const char* asked = std::getenv("LASTGOOD_FLIPS");
  return asked == nullptr ? usual : std::atoi(asked);
}

}  // namespace

TEST(FindChangedBit, says_nothing_of_a_whole_ledger) {
  EXPECT_FALSE(look_at(joined(sample_lines(4))).extent.has_value());
  EXPECT_FALSE(look_at(repaired_text()).extent.has_value());
}

TEST(FindChangedBit, takes_a_crash_for_a_crash) {
  const std::string text = joined(sample_lines(3));
  const std::size_t last = joined(sample_lines(2)).size();
  for (std::size_t size = last + 1; size < text.size() - 1; size += 5) {
    const Looked looked = look_at(text.substr(0, size));
    ASSERT_TRUE(looked.state.torn_end && looked.extent);
    EXPECT_FALSE(looked.extent->changed.has_value()) << size;
  }
}

TEST(FindChangedBit, finds_one_in_every_byte_of_a_ledger) {
  const std::string text = repaired_text();
  for (std::size_t at = 0; at < text.size(); at += 2) expect_found(text, at, static_cast<unsigned>(at / 2 % 8));
}

TEST(FindChangedBit, finds_bits_at_random_in_a_longer_ledger) {
  std::mt19937 random(20221123);
  const std::string text = joined(sample_lines(40));
  for (int i = 0; i < flips_to_try(400); ++i)
    expect_found(text, random() % text.size(), static_cast<unsigned>(random() % 8));
}

TEST(FindChangedBit, names_the_entry_where_more_was_changed) {
  const std::vector<std::string> lines = sample_lines(5);
  std::string text = joined(lines);
  const std::size_t begin = joined({lines[0], lines[1]}).size();
  text.replace(text.find("/srv/lab 3"), 10, "/etc/other");
  const Looked looked = look_at(text);
  ASSERT_TRUE(looked.state.broken && looked.extent);
  EXPECT_EQ(looked.extent->begin_bytes, begin);
  EXPECT_EQ(looked.extent->end_bytes, begin + lines[2].size() + 1);
  EXPECT_FALSE(looked.extent->changed.has_value());
}

TEST(FindChangedBit, tries_no_bits_in_lines_that_are_too_long_for_it) {
  const std::vector<std::string> lines = sample_lines(2);
  Entry entry = testing::sample_entry(2, std::string(digest_in(lines[0])));
  entry.fields["root"] = std::string(k_line_bytes_max - 1000, 'x');
  std::string text = lines[0] + "\n" + write_entry(entry) + "\n";
  text[lines[0].size() + 5000] = 'y';
  const Looked looked = look_at(text);
  ASSERT_TRUE(looked.state.broken && looked.extent);
  EXPECT_EQ(looked.extent->end_bytes, text.size());
  EXPECT_FALSE(looked.extent->changed.has_value());
}

}  // namespace lastgood::ledger
