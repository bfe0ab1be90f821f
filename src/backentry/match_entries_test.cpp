// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that who of many of one name is likeliest comes first, that the order is told as it is, and that a decision is
// not turned over by accident.
#include "backentry/match_entries.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "backentry/check_decision.h"
#include "backentry/entry_age.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::backentry {
namespace {

using os::testing::ScratchFolder;

class StoppedAtNoon final : public os::Clock {
 public:
  [[nodiscard]] std::int64_t now_ns() const override { return 1'669'204'800'000'000'000; }
};

Entry child() {
  Entry entry;
  entry.id = 1;
  entry.what = What::registration;
  entry.number = "O-0001";
  entry.name = "Mohan Verma";
  entry.sex = "M";
  entry.age = "3";
  entry.paper_time = "2022-11-23 09:10";
  return entry;
}

Book book_with(const Entry& entry) {
  Book book;
  book.entries.push_back(entry);
  return book;
}

using Row = std::vector<std::optional<std::string_view>>;

TEST(Matching, AnAnswerThatBeginsAnewForgetsWhatBrokeOff) {
  const Book book = book_with(child());
  PatientMatcher matcher(book);
  PatientLookUp look_up("UH7");
  for (engines::RowSink* sink : {static_cast<engines::RowSink*>(&matcher), static_cast<engines::RowSink*>(&look_up)}) {
    sink->on_columns(std::vector<std::string>{"number", "name", "sex", "birth_date"});
    sink->on_row(Row{"UH7", "Mohan Verma", "M", "2019-07-26"});
    sink->on_columns(std::vector<std::string>{"number", "name", "sex", "birth_date", "phone"});
    sink->on_row(Row{"UH8", "Mohan Verma", "M", "2019-07-26", "555"});
  }
  EXPECT_EQ(matcher.rows(), 1U);
  EXPECT_TRUE(matcher.missing().empty());
  ASSERT_EQ(matcher.suggestions(1).size(), 1U);
  EXPECT_EQ(matcher.suggestions(1)[0].number, "UH8");
  EXPECT_EQ(matcher.found(1), 1U);
  EXPECT_FALSE(look_up.found());
}

TEST(Matching, OfTwentyOfOneNameThoseOfTheAgeAreFirst) {
  const Book book = book_with(child());
  PatientMatcher matcher(book);
  matcher.on_columns(std::vector<std::string>{"number", "name", "sex", "birth_date", "phone"});
  for (int i = 0; i < 18; ++i) {
    const std::string number = "UH" + std::to_string(i);
    const std::string born = std::to_string(1950 + i) + "-01-01";
    EXPECT_TRUE(matcher.on_row(Row{number, "Mohan Verma", "M", born, "555000000"}));
  }
  EXPECT_TRUE(matcher.on_row(Row{"UH90", "Mohan Verma", "M", "2018-08-01", "555000000"}));
  EXPECT_TRUE(matcher.on_row(Row{"UH91", "Mohan Verma", "M", "2019-07-26", "555000000"}));
  const auto& found = matcher.suggestions(1);
  ASSERT_EQ(found.size(), 10U);
  EXPECT_EQ(matcher.found(1), 20U);
  EXPECT_EQ(found[0].number, "UH91");
  EXPECT_EQ(found[0].reasons, (std::vector<std::string>{"same name", "same age", "same sex"}));
  EXPECT_EQ(found[1].number, "UH90") << "a year off is nearer than 55";
  EXPECT_EQ(found[2].number, "UH17");
  EXPECT_EQ(found[2].reasons.back(), "BUT another age");
  EXPECT_EQ(matcher.ordered_by(book.entries[0]), (std::vector<std::string>{"name", "age", "sex"}))
      << "no telephone was typed, and the question has no place";
}

TEST(Matching, APlaceCountsWhereTheQuestionHasIt) {
  Entry typed = child();
  typed.place = "W-5";
  const Book book = book_with(typed);
  PatientMatcher matcher(book);
  matcher.on_columns(std::vector<std::string>{"number", "name", "sex", "birth_date", "phone", "place"});
  EXPECT_TRUE(matcher.missing().empty());
  EXPECT_TRUE(matcher.on_row(Row{"UH1", "Mohan Verma", "M", "2019-07-26", "", "W-1"}));
  EXPECT_TRUE(matcher.on_row(Row{"UH2", "Mohan Verma", "M", "2019-07-26", "", "w-5"}));
  EXPECT_EQ(matcher.suggestions(1)[0].number, "UH2");
  EXPECT_EQ(matcher.ordered_by(book.entries[0]).back(), "place");
  Suggestion row;
  row.place = "W-5 / Cardiology Ward / Heart clinic";
  const auto is_same = [&](const char* place) {
    typed.place = place;
    return !weighed(typed, row).reasons.empty() && weighed(typed, row).reasons.back() == "same place";
  };
  for (const char* same : {"W-5", "ward w-5", "cardiology ward", "Heart Clinic"}) EXPECT_TRUE(is_same(same)) << same;
  for (const char* other : {"", "ward", "W-50", "5", "heart", "/"}) EXPECT_FALSE(is_same(other)) << other;
  row.place.clear();
  EXPECT_FALSE(is_same(""));
}

TEST(Matching, OfATransferThePlaceBeforeCounts) {
  Entry moved = child();
  moved.what = What::transfer;
  moved.place = "W-3";
  moved.from_place = "W-1";
  Suggestion before;
  before.place = "W-1";
  Suggestion namesake;
  namesake.place = "W-3";
  EXPECT_GT(weighed(moved, before).weight, weighed(moved, namesake).weight)
      << "the database has the patient where nobody has told it of the transfer";
}

TEST(Matching, ANumberIsLookedUpAsItStands) {
  PatientLookUp look_up("UH91");
  look_up.on_columns(std::vector<std::string>{"number", "name", "sex", "birth_date", "phone"});
  EXPECT_TRUE(look_up.on_row(Row{"UH9", "Mohan Verma", "M", "2019-07-26", ""}));
  EXPECT_FALSE(look_up.found());
  EXPECT_FALSE(look_up.on_row(Row{"UH91", "Somebody Else", "F", "1960-01-01", ""}));
  ASSERT_TRUE(look_up.found());
  EXPECT_FALSE(weighed(child(), *look_up.found()).is_alike) << "a wrong digit leads to a stranger";
}

TEST(Matching, ANumberIsFoundInOtherLettersWhereOnePatientAloneIsMeant) {
  PatientLookUp look_up("uh 91");
  look_up.on_columns(std::vector<std::string>{"number", "name", "sex", "birth_date", "phone"});
  EXPECT_TRUE(look_up.on_row(Row{"UH91", "Mohan Verma", "M", "2019-07-26", ""}));
  ASSERT_TRUE(look_up.found());
  EXPECT_EQ(look_up.found()->number, "UH91");
  EXPECT_TRUE(look_up.on_row(Row{"Uh91", "Somebody Else", "F", "1960-01-01", ""}));
  EXPECT_FALSE(look_up.found());
  EXPECT_TRUE(look_up.is_ambiguous());
  EXPECT_FALSE(look_up.on_row(Row{"uh 91", "Another", "F", "1960-01-01", ""}));
  EXPECT_EQ(look_up.found()->name, "Another") << "as it stands";
  EXPECT_FALSE(look_up.is_ambiguous());
}

TEST(Matching, APatientNumberIsTheSameHoweverItIsWritten) {
  Suggestion row;
  row.number = "UH0000006";
  const auto reasons = [&](const char* written) {
    return weighed(Entry{.id = 2, .number = "W-1", .patient_number = written, .sex = "U"}, row).reasons;
  };
  EXPECT_EQ(reasons("uh0000006"), std::vector<std::string>{"same patient number"});
  for (const char* written : {"UH-0000006", "uh 0000006", "uh/0000006"})
    EXPECT_EQ(reasons(written), std::vector<std::string>{fmt::format("same patient number, written '{}'", written)});
  // A digit that was left out need not have been a zero that fills up.
  for (const char* written : {"UH 6", "uh/006", "UH000006", "6"})
    EXPECT_EQ(reasons(written), std::vector<std::string>{fmt::format(
                                    "a patient number with the same digits, of which '{}' was written", written)});
  for (const char* written : {"UH0000060", "OH0000006", "66", "UH"})
    EXPECT_EQ(reasons(written), std::vector<std::string>{"BUT another patient number"}) << written;
}

TEST(Matching, WhomNoMatchHasShownIsTakenWhereNothingContradicts) {
  Entry entry = child();
  entry.phone = "98765 43210";
  entry.patient_number = "UH91";
  Suggestion person;
  person.number = "uh91";
  person.name = "Mohan Kumar Verma";
  person.sex = "male";
  person.birth_date = "2019-07-26";
  EXPECT_EQ(not_the_one(entry, person), "");
  person = {"UH85", "Ganesh Deshmukh", {}, "F", "1986-01-01", "9876543210", "", {}, 0, {}, false};
  EXPECT_EQ(
      not_the_one(entry, person),
      "another name, another sex, another age, another patient number than entry 1: registration of Mohan Verma, M, "
      "3, UH91, 98765 43210")
      << "a family has one telephone";
  EXPECT_EQ(weighed(entry, person).reasons,
            (std::vector<std::string>{"same telephone", "BUT another name", "BUT another sex", "BUT another age",
                                      "BUT another patient number"}));
  EXPECT_EQ(not_the_one(Entry{.id = 2, .number = "W-1", .sex = "U"}, person),
            "neither the name nor the telephone nor the number of entry 2: registration of somebody without a name, U");
  person.name = "Somebody";
  person.other_names = {"Mohan Verma"};
  EXPECT_TRUE(contradictions(entry, person).front() == "sex") << "one of the names is the same";
}

TEST(Matching, AnotherTelephoneSpeaksAgainstIt) {
  Entry entry = child();
  entry.phone = "+91 98765 43210";
  Suggestion row;
  row.number = "UH7";
  row.name = "Mohan Verma";
  row.phone = "9876500000";
  EXPECT_EQ(weighed(entry, row).reasons, (std::vector<std::string>{"same name", "BUT another telephone"}));
  EXPECT_TRUE(not_the_one(entry, row).starts_with("another telephone than entry 1")) << not_the_one(entry, row);
  row.phone = "098765-43210";
  EXPECT_EQ(not_the_one(entry, row), "");
  row.phone.clear();
  EXPECT_EQ(not_the_one(entry, row), "") << "the database knows none";
}

TEST(Ages, AreReadAsTheyAreWritten) {
  EXPECT_DOUBLE_EQ(read_age("45")->years, 45);
  EXPECT_DOUBLE_EQ(read_age("45 Yrs")->years, 45);
  EXPECT_DOUBLE_EQ(read_age("3 months")->years, 0.25);
  EXPECT_DOUBLE_EQ(read_age("1y 6m")->years, 1.5);
  EXPECT_DOUBLE_EQ(read_age("newborn")->years, 0);
  for (const char* none : {"", "unknown", "4 feet", "999", "99999999999999"}) EXPECT_FALSE(read_age(none)) << none;
  Entry entry = child();
  EXPECT_DOUBLE_EQ(*years_apart(entry, "2019-07-26"), 0);
  EXPECT_DOUBLE_EQ(*years_apart(entry, "2019-07-26 00:00:00"), 0);
  EXPECT_NEAR(*years_apart(entry, "1958"), 60.4, 0.1);
  for (const char* none : {"", "26/07/2019", "2019-13-45", "0000-00-00"})
    EXPECT_FALSE(years_apart(entry, none)) << none;
  entry.paper_time.clear();
  EXPECT_FALSE(years_apart(entry, "2019-07-26")) << "it is not known of which day the age is";
}

TEST(Decisions, ThatContradictAnEarlierOneMustBeMeant) {
  const ScratchFolder folder;
  for (const char* number : {"O-0001", "O-0002"}) {
    Entry entry = child();
    entry.id = 0;
    entry.number = number;
    ASSERT_TRUE(add_entry(folder.path(), entry, StoppedAtNoon()).ok());
  }
  const auto decide = [&](const std::vector<std::uint64_t>& entries, const char* number, const char* by,
                          EarlierDecision earlier) {
    return add_decisions(folder.path(), entries, {0, number, by, {}, 0}, earlier, StoppedAtNoon(), "+05:30");
  };
  ASSERT_TRUE(decide({1, 2}, "UH1", "Dr Rao", EarlierDecision::stands).ok());
  ASSERT_TRUE(decide({1}, "UH1", "Dr Iyer", EarlierDecision::stands).ok()) << "the same once more";
  const base::Status refused = decide({2}, "", "Clerk Tom", EarlierDecision::stands);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().what,
            "'Dr Rao' decided 2022-11-23 17:30:00 +05:30 that entry 2 (Mohan Verma) is patient 'UH1'");
  EXPECT_EQ(read_book(folder.path()).value().decision_of(2)->by, "Dr Rao");
  ASSERT_TRUE(decide({2}, "", "Clerk Tom", EarlierDecision::is_overruled).ok());
  EXPECT_EQ(read_book(folder.path()).value().decision_of(2)->by, "Clerk Tom");
  EXPECT_FALSE(decide({1, 2}, "", "Dr Rao", EarlierDecision::stands).ok());
}

}  // namespace
}  // namespace lastgood::backentry
