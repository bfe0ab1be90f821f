// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the score counts what it says: recall, right verdicts, false alarms, agreement of ranges, goals.
#include "drill/score.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "drill/compare_ranges.h"

namespace lastgood::drill {
namespace {

using model::ByteRange;
using model::FileRecord;
using model::Verdict;
using Ranges = std::vector<ByteRange>;

TruthEntry attacked(std::string path, std::string pattern, std::vector<Verdict> right) {
  return {.path = std::move(path),
          .kind = "pdf",
          .pattern = std::move(pattern),
          .fate = Fate::attacked,
          .size_bytes = 8192,
          .replaced = {{0, 8192}},
          .right = std::move(right)};
}
TruthEntry whole(std::string path) {
  return {.path = std::move(path), .kind = "pdf", .size_bytes = 8192, .right = {Verdict::intact}};
}
TruthEntry note(std::string path) {
  return {.path = std::move(path), .kind = "note", .fate = Fate::note, .right = {Verdict::note}};
}

FileRecord judged(std::string_view path, Verdict verdict, Ranges ranges = {}) {
  FileRecord record;
  record.path = std::string("/drill/attacked/").append(path);
  record.verdict = verdict;
  record.ranges = std::move(ranges);
  return record;
}

Score score_of(const Truth& truth, const std::vector<FileRecord>& records) {
  return score_scan(truth, records, "/drill/attacked", Goals{});
}

}  // namespace

TEST(RangeAgreement, is_one_for_the_same_blocks_and_zero_for_none_in_common) {
  EXPECT_DOUBLE_EQ(range_agreement(Ranges{{0, 8192}}, {}, Ranges{{0, 8192}}, 20'000), 1.0);
  EXPECT_DOUBLE_EQ(range_agreement(Ranges{{0, 4096}}, {}, Ranges{{8192, 9000}}, 20'000), 0.0);
  EXPECT_DOUBLE_EQ(range_agreement({}, {}, {}, 20'000), 1.0);
  EXPECT_DOUBLE_EQ(range_agreement(Ranges{{0, 8192}}, {}, Ranges{{4096, 12'288}}, 20'000), 1.0 / 3.0);
}

TEST(RangeAgreement, takes_short_runs_as_the_blocks_they_lie_in) {
  EXPECT_DOUBLE_EQ(range_agreement(Ranges{{0, 64}, {192, 256}, {384, 448}}, {}, Ranges{{0, 4096}}, 4096), 1.0);
}

TEST(RangeAgreement, counts_a_footer_for_neither_side) {
  EXPECT_DOUBLE_EQ(range_agreement(Ranges{{0, 4096}}, Ranges{{8192, 8726}}, Ranges{{0, 4096}, {8192, 8726}}, 8726),
                   1.0);
}

TEST(RangeAgreement, counts_a_footer_for_neither_side_where_it_shares_a_block_with_the_content) {
  const Ranges footer = {{10'000, 10'512}};
  EXPECT_DOUBLE_EQ(range_agreement(Ranges{{0, 4096}}, footer, Ranges{{0, 4096}, {10'000, 10'512}}, 10'512), 1.0);
  EXPECT_DOUBLE_EQ(range_agreement(Ranges{{0, 4096}}, footer, Ranges{{0, 4096}, {9'990, 10'512}}, 10'512), 1.0);
  EXPECT_DOUBLE_EQ(range_agreement(Ranges{{0, 4096}}, footer, Ranges{{0, 4096}, {9'900, 10'512}}, 10'512), 0.5);
}

TEST(Score, passes_when_every_verdict_is_right) {
  const Truth truth{.entries = {attacked("a", "full-ctr", {Verdict::encrypted}), whole("b"), note("c")}};
  const Score score =
      score_of(truth, {judged("a", Verdict::encrypted), judged("b", Verdict::intact), judged("c", Verdict::note)});
  EXPECT_TRUE(score.passed());
  EXPECT_DOUBLE_EQ(score.documented.recall(), 1.0);
  EXPECT_DOUBLE_EQ(score.documented.agreement(), 1.0);
  EXPECT_TRUE(score.misses.empty());
}

TEST(Score, counts_an_attacked_file_called_intact_as_missed) {
  const Truth truth{.entries = {attacked("a", "full-ctr", {Verdict::encrypted}), note("c")}};
  const Score score = score_of(truth, {judged("a", Verdict::intact), judged("c", Verdict::note)});
  EXPECT_FALSE(score.passed());
  EXPECT_DOUBLE_EQ(score.documented.recall(), 0.0);
  ASSERT_EQ(score.misses.size(), 1U);
  EXPECT_EQ(score.misses[0].pattern, "full-ctr");
}

TEST(Score, tells_recall_from_the_right_verdict) {
  const Truth truth{.entries = {attacked("a", "full-ctr", {Verdict::encrypted})}};
  const Score score = score_of(truth, {judged("a", Verdict::partly_encrypted, {{0, 4096}})});
  EXPECT_DOUBLE_EQ(score.documented.recall(), 1.0);
  EXPECT_DOUBLE_EQ(score.documented.right_share(), 0.0);
  EXPECT_DOUBLE_EQ(score.documented.agreement(), 0.5);
}

TEST(Score, counts_every_bad_word_about_a_whole_file_as_a_false_alarm) {
  for (const Verdict verdict : {Verdict::encrypted, Verdict::partly_encrypted, Verdict::damaged, Verdict::note}) {
    EXPECT_EQ(score_of(Truth{.entries = {whole("b")}}, {judged("b", verdict)}).false_alarms, 1U);
  }
  EXPECT_EQ(score_of(Truth{.entries = {whole("b")}}, {judged("b", Verdict::undecided)}).false_alarms, 0U);
}

TEST(Score, keeps_evasions_out_of_the_documented_recall) {
  const Truth truth{
      .entries = {attacked("a", "same-class", {Verdict::encrypted}), attacked("b", "full-ctr", {Verdict::encrypted})}};
  const Score score = score_of(truth, {judged("a", Verdict::intact), judged("b", Verdict::encrypted)});
  EXPECT_DOUBLE_EQ(score.documented.recall(), 1.0);
  EXPECT_DOUBLE_EQ(score.evasions.recall(), 0.0);
}

TEST(Score, notices_files_that_were_not_judged_and_files_nobody_knows) {
  const Score score = score_of(Truth{.entries = {whole("b")}}, {judged("other", Verdict::intact)});
  EXPECT_EQ(score.not_judged, 1U);
  EXPECT_EQ(score.not_known, 1U);
  EXPECT_FALSE(score.passed());
}

TEST(Score, writes_the_same_numbers_as_table_and_as_json) {
  const Truth truth{.entries = {attacked("a", "full-ctr", {Verdict::encrypted}), whole("b")}};
  const Score score = score_of(truth, {judged("a", Verdict::encrypted), judged("b", Verdict::damaged)});
  const auto json = nlohmann::json::parse(write_score_json(score));
  EXPECT_EQ(json["by_pattern"]["full-ctr"]["verdicts"]["encrypted"], 1);
  EXPECT_EQ(json["by_pattern_and_kind"]["full-ctr"]["pdf"]["files"], 1);
  EXPECT_EQ(json["false_alarms"], 1);
  EXPECT_EQ(json["passed"], false);
  const std::string table = write_score_table(score);
  EXPECT_NE(table.find("full-ctr                    1   100.0%   100.0%"), std::string::npos) << table;
  EXPECT_NE(table.find("false alarms: 1 of 1 whole files"), std::string::npos);
  const std::string summary = write_score_summary(score);
  EXPECT_NE(summary.find("     1 files struck by documented patterns: 100.0 % found"), std::string::npos) << summary;
  EXPECT_NE(summary.find("     1 whole files: 1 false alarms\n  MISSED  "), std::string::npos) << summary;
}

}  // namespace lastgood::drill
