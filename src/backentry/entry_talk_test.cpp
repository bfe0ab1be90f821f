// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that one mistake costs one field, that all is shown before it is kept, and that nothing is kept unasked.
#include "backentry/entry_talk.h"

#include <gtest/gtest.h>

namespace lastgood::backentry {
namespace {

using Next = EntryTalk::Next;

class EntryTalkTest : public ::testing::Test {
 protected:
  void type(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) EXPECT_EQ(talk_.take(line), Next::ask) << line;
  }
  [[nodiscard]] bool asks(const std::string& text) const { return talk_.prompt().find(text) != std::string::npos; }

  Entry known_{.id = 7,
               .what = What::order,
               .number = "W-0007",
               .phone = "9876500007",
               .sex = "F",
               .text = "CBC",
               .paper_time = "2022-11-23 08:00",
               .typed_by = "Nurse Anne"};
  Known known_of_;
  EntryTalk talk_{"Nurse Mary",
                  {.entry = [this](std::uint64_t id) { return id == 7 ? std::optional<Entry>(known_) : std::nullopt; },
                   .about_number = [](const std::string& number) { return ", of " + number; },
                   .doubts = [this](const Answers& answers) { return open_doubts(answers, known_of_); }}};
  const std::vector<std::string> admission_ = {"W-0001", "adm", "",    "+91 98765 43210", "Sunita Devi",
                                               "f",      "34",  "W-5", "fever",           "2022-11-23 09:10"};
};

TEST_F(EntryTalkTest, AsksForTheWrongFieldAloneAndShowsAllBeforeItIsKept) {
  EXPECT_TRUE(asks("Downtime number on the paper: "));
  type({"W-0001", "adm", "", "12"});
  EXPECT_TRUE(asks("NOT SO: a patient number or a telephone of at least 7 digits is needed"));
  EXPECT_TRUE(asks("Telephone, where there is no patient number"));
  type({"+91 98765 43210"});
  EXPECT_TRUE(asks("Name: ")) << "what was typed before is not asked for again";
  type({"Sunita Devi", "f", "34", "W-5", "fever", "23/11/2022"});
  EXPECT_TRUE(asks("NOT SO: the time on the paper must be like 2022-11-23 09:10"));
  type({"2022-11-23 09:10"});
  EXPECT_TRUE(asks("Downtime number             W-0001, of W-0001")) << talk_.prompt();
  EXPECT_TRUE(asks("What                        admission"));
  EXPECT_EQ(talk_.take(""), Next::keep);
  EXPECT_EQ(read_answers(talk_.answers()).entry.name, "Sunita Devi");
  EXPECT_EQ(read_answers(talk_.answers()).entry.typed_by, "Nurse Mary");
}

TEST_F(EntryTalkTest, ALineThatIsShownCanBeChangedAlone) {
  type(admission_);
  type({"7"});
  EXPECT_TRUE(asks("Age [34]: "));
  type({"43"});
  EXPECT_TRUE(asks("Age                         43"));
  type({"99"});
  EXPECT_TRUE(asks("NOT SO: type Enter, a number from 1 to 10, ! or x"));
  type({"4", "-"});
  EXPECT_TRUE(asks("NOT SO: a patient number or a telephone"));
  type({"none"});
  EXPECT_TRUE(asks("Telephone                   none"));
  EXPECT_EQ(talk_.take("y"), Next::keep);
  EXPECT_EQ(read_answers(talk_.answers()).entry.age, "43");
  EXPECT_EQ(read_answers(talk_.answers()).entry.phone, "");
}

TEST_F(EntryTalkTest, AsksOfATransferFromWhereAndToWhere) {
  type({"W-0001", "tr", "UH12", "", "Sunita Devi", "f", "34"});
  EXPECT_TRUE(asks("Ward or clinic that the transfer is to: ")) << talk_.prompt();
  type({"W-5"});
  EXPECT_TRUE(asks("Ward or clinic that it is from: ")) << talk_.prompt();
  type({"!"});
  EXPECT_TRUE(asks("is to [W-5]: ")) << talk_.prompt();
  type({"", "W-1", "", "2022-11-23 09:10"});
  EXPECT_TRUE(asks("   9  Ward or clinic before       W-1")) << talk_.prompt();
  type({"11", "2022-11-23 09:15"});
  EXPECT_TRUE(asks("  11  Time on the paper           2022-11-23 09:15")) << talk_.prompt();
  EXPECT_EQ(talk_.take(""), Next::keep);
  EXPECT_EQ(read_answers(talk_.answers()).entry.place, "W-5");
  EXPECT_EQ(read_answers(talk_.answers()).entry.from_place, "W-1");
}

TEST_F(EntryTalkTest, GoesBackOverQuestionsAndEnterKeepsWhatStandsThere) {
  type({"W-0001", "adm", "UH12", "!"});
  EXPECT_TRUE(asks("Patient number, where there is one [UH12]: "));
  type({"!", "!", "!"});
  EXPECT_TRUE(asks("Downtime number on the paper [W-0001]: "));
  type({"W-0002", "", "", ""});
  EXPECT_TRUE(asks("Name: "));
  EXPECT_EQ(talk_.answers().at("number"), "W-0002");
  EXPECT_EQ(talk_.answers().at("patient_number"), "UH12");
}

TEST_F(EntryTalkTest, AnEntryOfTheBookIsCorrectedWithoutTypingItAgain) {
  type({"#9"});
  EXPECT_TRUE(asks("there is no entry 9 in the book"));
  type({"#7"});
  EXPECT_TRUE(asks("corrects entry 7") && asks("CBC"));
  type({"9", "CBC and ESR"});
  EXPECT_EQ(talk_.take(""), Next::keep);
  const Entry entry = read_answers(talk_.answers()).entry;
  EXPECT_EQ(entry.corrects, 7U);
  EXPECT_EQ(entry.text, "CBC and ESR");
  EXPECT_EQ(entry.typed_by, "Nurse Mary") << "who corrects, not who typed it first";
}

TEST_F(EntryTalkTest, ThePlaceStaysForTheNextPaperAndItsDayIsKnown) {
  type(admission_);
  EXPECT_EQ(talk_.take(""), Next::keep);
  talk_.begin_next();
  EXPECT_FALSE(talk_.is_begun());
  type({"W-0002", "res", "UH12", "", "", "", ""});
  EXPECT_TRUE(asks("Ward or clinic [W-5]: "));
  type({"", "K 6.1"});
  EXPECT_TRUE(asks("or HH:MM of 2022-11-23"));
  type({"10:05"});
  EXPECT_EQ(talk_.answers().at("paper_time"), "2022-11-23 10:05");
}

TEST_F(EntryTalkTest, NothingIsKeptThatWasThrownAwayOrNotEnded) {
  type(admission_);
  EXPECT_TRUE(talk_.is_begun());
  type({"x"});
  EXPECT_FALSE(talk_.is_begun());
  EXPECT_EQ(talk_.take(""), Next::ended);
}

TEST_F(EntryTalkTest, WhatCouldNotBeKeptIsShownAgain) {
  type(admission_);
  EXPECT_EQ(talk_.take(""), Next::keep);
  talk_.refuse("no space left on device");
  EXPECT_TRUE(asks("NOT SO: no space left on device") && asks("Sunita Devi"));
  EXPECT_EQ(talk_.take(""), Next::keep);
}

TEST_F(EntryTalkTest, ANumberThatNoSheetHasIsAskedForAndKeptWhenThePaperHasIt) {
  known_of_.number = NumberIs::not_given;
  type({"W-0010"});
  EXPECT_TRUE(asks("NOT SURE: no sheet of this case has the number 'W-0010'"));
  type({""});
  EXPECT_TRUE(asks("NOT SURE")) << "Enter alone is no look at the paper";
  type({"="});
  EXPECT_TRUE(asks("What: "));
  EXPECT_EQ(talk_.answers().at("number"), "W-0010");
  type({"!", "W-0011"});
  EXPECT_TRUE(asks("NOT SURE: no sheet of this case has the number 'W-0011'")) << "what was said was of another number";
  type({"=W-0012"});
  EXPECT_TRUE(asks("What: "));
  EXPECT_EQ(talk_.answers().at("number"), "W-0012");
}

TEST_F(EntryTalkTest, AnotherPersonsNumberIsNotKeptByEnter) {
  known_of_.other_holders = {known_};
  type(admission_);
  EXPECT_TRUE(asks("NOT SURE: 'W-0001' is another person's already (entry 7: order of somebody without a name, F"));
  type({"", "y"});
  EXPECT_TRUE(asks("not kept yet"));
  type({"1", "W-0001"});
  EXPECT_TRUE(asks("NOT SURE")) << talk_.prompt();
  EXPECT_EQ(talk_.take("="), Next::keep);
  EXPECT_TRUE(open_doubts(talk_.answers(), known_of_).empty());
}

}  // namespace
}  // namespace lastgood::backentry
