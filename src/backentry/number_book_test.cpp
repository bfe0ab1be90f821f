// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that no downtime number is given twice: over runs, over a run that is killed in the middle of writing, and
// over the end of a block; and that a damaged book is said and never taken for an empty one.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "backentry/line_file.h"
#include "backentry/number_block.h"
#include "backentry/number_book.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::backentry {
namespace {

std::vector<std::string> take(const std::string& folder, unsigned count, const std::string& block = "W-0001..W-0099") {
  const std::vector<NumberWish> wishes = {{block, "ward-census", "W-5", count}};
  const auto given = reserve_numbers(folder, wishes, 1'700'000'000'000'000'000);
  EXPECT_TRUE(given.ok()) << (given.ok() ? "" : given.error().what);
  return given.ok() ? given.value().at(0) : std::vector<std::string>();
}

TEST(NumberBlock, IsReadWithItsPrefixAndWidth) {
  const auto block = parse_number_block("W-0001..W-0999");
  ASSERT_TRUE(block.ok());
  EXPECT_EQ(number_text(block.value(), 0), "W-0001");
  EXPECT_EQ(number_text(block.value(), 998), "W-0999");
  EXPECT_EQ(number_text(block.value(), 999), "W-0001/2");
}

TEST(NumberBlock, SaysWhatIsWrong) {
  for (const char* text : {"", "W-1", "W-0001..V-0002", "W-001..W-0002", "W-0009..W-0001", "W..W", "<b>1..<b>2",
                           "W-00000000001..W-00000000002", "..", "\x01", "W 1..W 2"}) {
    const auto block = parse_number_block(text);
    ASSERT_FALSE(block.ok()) << text;
    EXPECT_EQ(block.error().code, base::ErrorCode::misuse);
  }
  EXPECT_FALSE(parse_number_block(std::string(100'000, 'W')).ok());
}

TEST(NumberBlock, OfASheetWithoutOneComesFromItsName) {
  EXPECT_EQ(usual_block("ward-census"), "WC-0001..WC-9999");
  EXPECT_EQ(usual_block("...."), "N-0001..N-9999");
}

TEST(NumberBook, GivesEachNumberOnceOverRuns) {
  const os::testing::ScratchFolder folder;
  std::set<std::string> seen;
  for (int run = 0; run < 30; ++run) {
    for (const std::string& number : take(folder.path(), 7)) EXPECT_TRUE(seen.insert(number).second) << number;
  }
  EXPECT_EQ(seen.size(), 210U);  // more than the block has
}

TEST(NumberBook, ARunKilledWhileItWroteGivesNoNumberTwice) {
  const os::testing::ScratchFolder folder;
  const auto first = take(folder.path(), 5);
  const std::string path = folder.path() + "/backentry/numbers.jsonl";
  std::ofstream(path, std::ios::app) << R"({"block":"W-0001..W-0099","first":5,"cou)";
  const auto second = take(folder.path(), 5);
  const auto third = take(folder.path(), 5);
  EXPECT_EQ(first.front(), "W-0001");
  EXPECT_EQ(second.front(), "W-0006");
  EXPECT_EQ(third.front(), "W-0011");
}

TEST(NumberBook, IsNotReadPastALineThatNobodyTore) {
  const os::testing::ScratchFolder folder;
  ASSERT_EQ(take(folder.path(), 5).size(), 5U);
  const std::string path = folder.path() + "/backentry/numbers.jsonl";
  std::ofstream(path, std::ios::app) << "garbage\n"
                                     << R"({"block":"W-0001..W-0099","first":5,"count":1})"
                                     << "\n";
  const std::vector<NumberWish> wishes = {{"W-0001..W-0099", "a", "b", 1}};
  const auto given = reserve_numbers(folder.path(), wishes, 0);
  ASSERT_FALSE(given.ok());
  EXPECT_EQ(given.error().code, base::ErrorCode::damaged_container);
}

TEST(NumberBook, GivesRowsAnotherBeginningWhereABlockSharesNumbersWithAnother) {
  const os::testing::ScratchFolder folder;
  ASSERT_EQ(take(folder.path(), 5).size(), 5U);
  EXPECT_EQ(take(folder.path(), 1, "W-0050..W-0200").front(), "W2-0050") << "a ward has rows to write on all the same";
  EXPECT_EQ(take(folder.path(), 1, "W-0050..W-0200").front(), "W2-0051");
  EXPECT_EQ(take(folder.path(), 1, "W-0001..W-9999").front(), "W3-0001");
  EXPECT_EQ(take(folder.path(), 1, "W-0099..W-0099").front(), "W4-0099");
  EXPECT_EQ(take(folder.path(), 1, "01..20").front(), "01");
  EXPECT_EQ(take(folder.path(), 1, "01..30").front(), "2-01");
  EXPECT_EQ(take(folder.path(), 1, "V-0001..V-0200").front(), "V-0001");
  for (unsigned last = 1000; last < 1008; ++last) take(folder.path(), 1, fmt::format("V-0001..V-{}", last));
  const std::vector<NumberWish> wishes = {{"V-0001..V-2000", "a", "b", 1}};
  const auto given = reserve_numbers(folder.path(), wishes, 0);
  ASSERT_FALSE(given.ok());
  EXPECT_NE(given.error().what.find("shares numbers"), std::string::npos);
}

TEST(NumberBook, KnowsToWhomANumberWasGiven) {
  const os::testing::ScratchFolder folder;
  ASSERT_EQ(take(folder.path(), 5).size(), 5U);
  const auto found = find_number(folder.path(), "W-0003");
  ASSERT_TRUE(found.ok() && found.value());
  EXPECT_EQ(found.value()->packet, "W-5");
  const auto other = find_number(folder.path(), "W-0006");
  ASSERT_TRUE(other.ok());
  EXPECT_FALSE(other.value());
}

TEST(NumberBook, FindsANumberInSmallLettersAndSaysItAsItIsPrinted) {
  const os::testing::ScratchFolder folder;
  ASSERT_EQ(take(folder.path(), 4, "W-0001..W-0002").back(), "W-0002/2");
  const auto found = find_number(folder.path(), "w-0002/2");
  ASSERT_TRUE(found.ok());
  ASSERT_TRUE(found.value());
  EXPECT_EQ(found.value()->number, "W-0002/2");
  EXPECT_FALSE(find_number(folder.path(), "v-0002/2").value());
}

TEST(LineFile, EmptyCutAndHugeLinesAreSaid) {
  EXPECT_TRUE(parse_lines("", "x").ok());
  EXPECT_EQ(parse_lines("{\"a\":1}\n{\"b\":", "x").value().size(), 1U);
  EXPECT_FALSE(parse_lines("[1]\n", "x").ok());
  EXPECT_FALSE(parse_lines(std::string(200'000, ' ') + "\n", "x").ok());
  EXPECT_FALSE(parse_lines(std::string(50, '[') + "\n", "x").ok());
  EXPECT_FALSE(parse_lines("\n\n", "x").ok());
}

}  // namespace
}  // namespace lastgood::backentry
