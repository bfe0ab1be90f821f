// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the first entry that was touched is named with number, byte and reason, and that a torn end is told from
// tampering.
#include "ledger/chain.h"

#include <gtest/gtest.h>

#include "ledger/testing/sample_ledger.h"

namespace lastgood::ledger {

namespace {

using testing::check_text;
using testing::joined;
using testing::repair_line;
using testing::sample_entry;
using testing::sample_lines;

std::size_t offset_of(const std::vector<std::string>& lines, std::size_t index) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < index; ++i) out += lines[i].size() + 1;
  return out;
}

void expect_break(const std::string& text, BreakReason reason, std::uint64_t entry, std::uint64_t offset_bytes) {
  const ChainState state = check_text(text);
  ASSERT_TRUE(state.broken.has_value()) << name_of(reason);
  EXPECT_EQ(name_of(state.broken->reason), name_of(reason));
  EXPECT_EQ(state.broken->entry, entry);
  EXPECT_EQ(state.broken->offset_bytes, offset_bytes);
}

}  // namespace

TEST(Chain, accepts_what_is_unbroken) {
  const std::vector<std::string> lines = sample_lines(9);
  const ChainState state = check_text(joined(lines));
  EXPECT_FALSE(state.broken.has_value());
  EXPECT_EQ(state.entries, 9U);
  EXPECT_EQ(state.end_bytes, joined(lines).size());
  EXPECT_EQ(state.head_sha256, digest_in(lines.back()));
  EXPECT_EQ(state.case_id, std::string(32, 'c'));
  EXPECT_EQ(state.times_backwards, 0U);
}

TEST(Chain, finds_nothing_in_an_empty_file) {
  const ChainState state = check_text("");
  EXPECT_EQ(state.entries, 0U);
  EXPECT_FALSE(state.broken || state.torn_end);
}

TEST(Chain, names_a_changed_entry) {
  const std::vector<std::string> lines = sample_lines(5);
  std::string text = joined(lines);
  text[text.find("/srv/lab 3")] = '\\';
  expect_break(text, BreakReason::digest, 3, offset_of(lines, 2));
}

TEST(Chain, names_a_changed_entry_at_the_end_too) {
  const std::vector<std::string> lines = sample_lines(5);
  std::string text = joined(lines);
  text[text.find("/srv/lab 5")] = '\\';
  expect_break(text, BreakReason::digest, 5, offset_of(lines, 4));
}

TEST(Chain, names_the_place_of_a_removed_entry) {
  std::vector<std::string> lines = sample_lines(5);
  lines.erase(lines.begin() + 2);
  expect_break(joined(lines), BreakReason::sequence, 3, offset_of(lines, 2));
}

TEST(Chain, names_the_entry_after_one_that_was_rewritten_with_its_hash) {
  std::vector<std::string> lines = sample_lines(5);
  Entry forged = *parse_entry(lines[2]);
  forged.fields["root"] = std::string("/srv/forged");
  lines[2] = write_entry(forged);
  expect_break(joined(lines), BreakReason::previous, 4, offset_of(lines, 3));
}

TEST(Chain, refuses_another_spelling_even_with_the_right_hash) {
  std::vector<std::string> lines = sample_lines(1);
  Entry odd = sample_entry(2, std::string(digest_in(lines[0])));
  odd.kind = "Scan Begun";
  lines.push_back(write_entry(odd));
  expect_break(joined(lines), BreakReason::spelling, 2, offset_of(lines, 1));
}

TEST(Chain, wants_one_first_entry_and_knows_its_format) {
  Entry other = sample_entry(1, std::string(64, '0'));
  other.kind = "scan-begun";
  expect_break(write_entry(other) + "\n", BreakReason::first, 1, 0);
  other = sample_entry(1, std::string(64, '0'));
  other.fields["case_id"] = std::string("short");
  expect_break(write_entry(other) + "\n", BreakReason::first, 1, 0);
  other = sample_entry(1, std::string(64, '0'));
  other.fields["format"] = std::int64_t{2};
  expect_break(write_entry(other) + "\n", BreakReason::version, 1, 0);
  std::vector<std::string> lines = sample_lines(1);
  Entry again = sample_entry(1, std::string(digest_in(lines[0])));
  again.sequence = 2;
  lines.push_back(write_entry(again));
  expect_break(joined(lines), BreakReason::first, 2, offset_of(lines, 1));
}

TEST(Chain, takes_a_cut_anywhere_in_the_last_entry_for_a_torn_end) {
  const std::vector<std::string> lines = sample_lines(3);
  const std::string text = joined(lines);
  const std::size_t last = offset_of(lines, 2);
  for (std::size_t size = last + 1; size < text.size() - 1; ++size) {
    const ChainState state = check_text(text.substr(0, size));
    ASSERT_FALSE(state.broken.has_value()) << size;
    ASSERT_TRUE(state.torn_end.has_value()) << size;
    EXPECT_EQ(state.entries, 2U);
    EXPECT_EQ(state.torn_end->offset_bytes, last);
    EXPECT_EQ(state.torn_end->size_bytes, size - last);
  }
  const ChainState without_newline = check_text(text.substr(0, text.size() - 1));
  EXPECT_EQ(without_newline.entries, 3U);
  EXPECT_TRUE(without_newline.newline_missing);
  EXPECT_FALSE(without_newline.torn_end || without_newline.broken);
}

TEST(Chain, accepts_torn_bytes_that_a_repair_names) {
  std::vector<std::string> lines = sample_lines(2);
  const std::size_t end = joined(lines).size();
  const std::string torn = lines[1].substr(0, 50) + "\n\n" + lines[1].substr(0, 3);
  const std::string repair = repair_line(3, std::string(digest_in(lines[1])), torn, end);
  const std::string after = write_entry(sample_entry(4, std::string(digest_in(repair))));
  const ChainState state = check_text(joined(lines) + torn + "\n" + repair + "\n" + after + "\n");
  ASSERT_FALSE(state.broken.has_value());
  EXPECT_EQ(state.entries, 4U);
  EXPECT_EQ(state.repairs, 1U);
}

TEST(Chain, breaks_where_torn_bytes_are_not_named_or_not_there) {
  const std::vector<std::string> lines = sample_lines(3);
  const std::string head = lines[0] + "\n";
  const std::string previous(digest_in(lines[0]));
  const std::string torn = "{\"sequence\":2,";
  expect_break(head + torn + "\n" + lines[1] + "\n", BreakReason::unrepaired, 2, head.size());
  expect_break(head + repair_line(2, previous, torn, head.size()) + "\n", BreakReason::repair, 2, head.size());
  const std::size_t behind = head.size() + torn.size() + 1;
  expect_break(head + torn + "\n" + repair_line(2, previous, "other", head.size()) + "\n", BreakReason::repair, 2,
               behind);
  expect_break(head + torn + "\n" + repair_line(2, previous, torn, 7) + "\n", BreakReason::repair, 2, behind);
  expect_break(torn + "\n" + joined(lines), BreakReason::unrepaired, 1, 0);
}

TEST(Chain, remarks_a_clock_that_was_set_back_without_breaking) {
  std::vector<std::string> lines = sample_lines(2);
  Entry earlier = sample_entry(3, std::string(digest_in(lines[1])));
  earlier.time = "2021-01-01T00:00:00.000000000Z";
  lines.push_back(write_entry(earlier));
  const ChainState state = check_text(joined(lines));
  EXPECT_FALSE(state.broken.has_value());
  EXPECT_EQ(state.times_backwards, 1U);
  EXPECT_EQ(state.first_backwards, 3U);
}

TEST(Chain, holds_to_an_anchor_noted_elsewhere) {
  const std::vector<std::string> lines = sample_lines(5);
  const std::string text = joined(lines);
  const Anchor third{.sequence = 3, .sha256 = std::string(digest_in(lines[2]))};
  EXPECT_FALSE(check_text(text, {third}).broken.has_value());
  const ChainState cut = check_text(joined(sample_lines(2)), {third});
  ASSERT_TRUE(cut.broken.has_value());
  EXPECT_EQ(cut.broken->reason, BreakReason::anchor);
  const ChainState other = check_text(text, {{.sequence = 3, .sha256 = std::string(64, 'a')}});
  ASSERT_TRUE(other.broken.has_value());
  EXPECT_EQ(other.broken->entry, 3U);
}

TEST(Chain, bounds_lines_and_torn_ends) {
  const std::string head = joined(sample_lines(1));
  expect_break(head + std::string(k_line_bytes_max + 1, 'x'), BreakReason::limit, 2, head.size());
  EXPECT_TRUE(check_text(head + std::string(k_line_bytes_max, 'x')).torn_end.has_value());
  std::string many;
  for (int i = 0; i < 17; ++i) many += std::string(k_line_bytes_max, 'x') + "\n";
  expect_break(head + many, BreakReason::limit, 2, head.size());
}

TEST(Chain, reads_on_where_it_stopped) {
  const std::vector<std::string> lines = sample_lines(6);
  const std::string text = joined(lines);
  for (std::size_t size = 0; size <= text.size(); size += 13) {
    Chain chain;
    const std::string part = text.substr(0, size);
    base::MemorySource first{base::ByteView(std::string_view(part))};
    base::MemorySource all{base::ByteView(std::string_view(text))};
    ASSERT_TRUE(chain.read_on(first).ok() && chain.read_on(all).ok());
    EXPECT_EQ(testing::describe(chain.state()), testing::describe(check_text(text))) << size;
  }
}

TEST(Chain, notices_that_the_file_became_shorter) {
  const std::vector<std::string> lines = sample_lines(3);
  const std::string text = joined(lines);
  const std::string cut = joined({lines[0], lines[1]});
  Chain chain;
  base::MemorySource all{base::ByteView(std::string_view(text))};
  base::MemorySource shorter{base::ByteView(std::string_view(cut))};
  ASSERT_TRUE(chain.read_on(all).ok() && chain.read_on(shorter).ok());
  ASSERT_TRUE(chain.state().broken.has_value());
  EXPECT_EQ(chain.state().broken->reason, BreakReason::anchor);
}

}  // namespace lastgood::ledger
