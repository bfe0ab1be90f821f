// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that two persons under one downtime number are seen, and that one decision makes one person.
#include "backentry/persons_of_numbers.h"

#include <gtest/gtest.h>

#include "backentry/check_decision.h"
#include "backentry/shown_patients.h"
#include "backentry/write_hl7.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::backentry {
namespace {

Entry entry_of(std::uint64_t id, const std::string& number, const std::string& name, const std::string& phone) {
  Entry entry;
  entry.id = id;
  entry.what = What::admission;
  entry.number = number;
  entry.name = name;
  entry.phone = phone;
  entry.sex = "U";
  entry.paper_time = "2022-11-23 09:10";
  return entry;
}

Decision decision_of(std::uint64_t entry, const std::string& patient_number, std::uint64_t person = 0) {
  return {entry, patient_number, "Dr Rao", "", person};
}

TEST(PersonsOfNumbers, TellApartOnlyWhatBothSay) {
  const Entry sunita = entry_of(1, "W-0001", "Sunita Devi", "+91 98765 43210");
  EXPECT_TRUE(differences(sunita, entry_of(2, "W-0001", "DEVI, Sunita", "098765 43210")).empty());
  EXPECT_TRUE(differences(sunita, entry_of(2, "W-0001", "Sunita", "")).empty());
  EXPECT_TRUE(differences(sunita, entry_of(2, "W-0001", "", "")).empty());
  EXPECT_EQ(differences(sunita, entry_of(2, "W-0001", "Ravi Kumar", "55 51 11 11 11")),
            (std::vector<std::string>{"telephone", "name"}));
}

TEST(PersonsOfNumbers, AreNamedWhenAnotherIsTypedUnderTheSameNumber) {
  Book book;
  book.entries = {entry_of(1, "W-0001", "Sunita Devi", ""), entry_of(2, "W-0002", "Anil Sharma", "")};
  Entry ravi = entry_of(0, "w-0001 ", "Ravi Kumar", "");
  ASSERT_EQ(other_holders(book, ravi).size(), 1U);
  EXPECT_EQ(person_line(other_holders(book, ravi)[0]), "entry 1: admission of Sunita Devi, U");
  ravi.corrects = 1;
  EXPECT_TRUE(other_holders(book, ravi).empty()) << "it takes that one's place";
}

TEST(PersonsOfNumbers, APaperThatIsTypedTwiceIsSeenAndTwoPapersOfOnePersonAreNot) {
  Book book;
  book.entries = {entry_of(1, "W-0001", "Sunita Devi", "+91 98765 43210")};
  Entry again = entry_of(0, "w-0001", "DEVI, Sunita", "098765 43210");
  ASSERT_EQ(same_papers(book, again).size(), 1U);
  EXPECT_EQ(same_papers(book, again)[0]->id, 1U);
  EXPECT_TRUE(same_papers(book, book.entries[0]).empty()) << "it is itself";
  book.entries[0].patient_number = "UH-0000007";
  for (const char* const number : {"UH0000007", "uh 7", "7"}) {
    again.patient_number = number;
    EXPECT_EQ(same_papers(book, again).size(), 1U) << number;
  }
  again.patient_number = "UH0000008";
  EXPECT_TRUE(same_papers(book, again).empty());
  again.patient_number.clear();
  book.entries[0].patient_number.clear();
  again.text = "fever";
  EXPECT_TRUE(same_papers(book, again).empty());
  book.entries[0].text = "Hb 9.2, K+ 5.1";
  again.text = "hb  9.2; K+ 5.1.";
  EXPECT_EQ(same_papers(book, again).size(), 1U);
  again.text = "Hb 92, K+ 5.1";
  EXPECT_TRUE(same_papers(book, again).empty()) << "another value";
  book.entries[0].text.clear();
  again.text.clear();
  again.paper_time = "2022-11-23 09:11";
  EXPECT_TRUE(same_papers(book, again).empty());
  again.paper_time = "2022-11-23 09:10";
  again.corrects = 1;
  EXPECT_TRUE(same_papers(book, again).empty()) << "it takes that one's place";
}

TEST(PersonsOfNumbers, TwoOfThemStayAClashUntilAPersonDecidesOnAll) {
  Book book;
  book.entries = {entry_of(1, "W-0001", "Sunita Devi", ""), entry_of(2, "W-0001", "Ravi Kumar", ""),
                  entry_of(3, "W-0003", "Anil Sharma", "")};
  ASSERT_EQ(open_clashes(book).size(), 1U);
  EXPECT_EQ(open_clashes(book)[0].reasons, std::vector<std::string>{"another name"});
  book.decisions = {decision_of(1, "UH1")};
  EXPECT_EQ(open_clashes(book).size(), 1U);
  book.decisions.push_back(decision_of(2, ""));
  EXPECT_TRUE(open_clashes(book).empty());
}

TEST(PersonsOfNumbers, ADecidedNumberLeavesNoEntryBehind) {
  Book book;
  book.entries = {entry_of(1, "W-0001", "Sunita Devi", ""), entry_of(2, "W-0001", "Sunita Devi", "")};
  EXPECT_TRUE(open_clashes(book).empty());
  book.decisions = {decision_of(1, "UH1")};
  ASSERT_EQ(open_clashes(book).size(), 1U) << "else one paper becomes UH1 and a person without a number";
  EXPECT_EQ(open_clashes(book)[0].reasons, std::vector<std::string>{"only some are decided"});
}

TEST(PersonsOfNumbers, WhoWasDecidedTogetherAndThenApartIsAClashUntilThatIsDecidedToo) {
  Book book;
  book.entries = {entry_of(1, "W-0194", "Kamla Gupta", ""), entry_of(2, "W-0196", "Kamla Gupta", ""),
                  entry_of(3, "W-0194", "Kamla Gupta", "")};
  book.entries[2].corrects = 1;
  book.decisions = {decision_of(1, "", 1), decision_of(2, "", 1)};
  EXPECT_TRUE(open_clashes(book).empty()) << "the correction is open, and is shown as that";
  book.decisions.push_back(decision_of(3, "UH1"));
  ASSERT_EQ(open_clashes(book).size(), 1U);
  EXPECT_EQ(open_clashes(book)[0].number, "W-0194");
  EXPECT_EQ(open_clashes(book)[0].reasons, std::vector<std::string>{"decided together, then apart"});
  EXPECT_EQ(open_clashes(book)[0].entries, (std::vector<const Entry*>{&book.entries[1], &book.entries[2]}));
  book.decisions.push_back(decision_of(2, "", 0));
  EXPECT_TRUE(open_clashes(book).empty()) << "decided apart";
  book.decisions.back() = decision_of(2, "UH1");
  EXPECT_TRUE(open_clashes(book).empty()) << "decided to be the same again";
}

TEST(PersonsOfNumbers, WhoIsOverruledAloneIsAClashWithThoseOfTheSameDecision) {
  Book book;
  book.entries = {entry_of(1, "W-1", "Kamla Gupta", ""), entry_of(2, "W-2", "Kamla", ""),
                  entry_of(3, "W-3", "Kamla", "")};
  book.decisions = {decision_of(1, "UH1", 1), decision_of(2, "UH1", 1), decision_of(3, "UH1", 1)};
  EXPECT_TRUE(open_clashes(book).empty());
  book.decisions.push_back(decision_of(3, "UH1"));
  EXPECT_TRUE(open_clashes(book).empty()) << "the same once more";
  book.decisions.push_back(decision_of(3, ""));
  ASSERT_EQ(open_clashes(book).size(), 1U);
  EXPECT_EQ(open_clashes(book)[0].entries.size(), 3U);
  book.decisions.push_back(decision_of(1, "UH1", 1));
  book.decisions.push_back(decision_of(2, "UH1", 1));
  book.decisions[5].decided = book.decisions[6].decided = "later";
  EXPECT_TRUE(open_clashes(book).empty()) << "who is left was decided on anew";
}

TEST(PersonsOfNumbers, OneDecisionAboutTwoEntriesIsOneNewPerson) {
  Book book;
  book.entries = {entry_of(1, "W-0008", "Ravi Kumar", ""), entry_of(2, "W-0009", "Ravi Kumar", "")};
  book.decisions = {decision_of(1, "", 1), decision_of(2, "", 1)};
  const std::string messages = write_hl7(book, {});
  EXPECT_EQ(messages.find("W-0009^^^^TEMP"), std::string::npos) << messages;
  EXPECT_NE(messages.find("W-0008^^^^TEMP"), messages.rfind("W-0008^^^^TEMP"));
}

TEST(PersonsOfNumbers, TwoNewPersonsOfOneNumberAreTwo) {
  Book book;
  book.entries = {entry_of(1, "W-0001", "Sunita Devi", ""), entry_of(2, "W-0001", "Ravi Kumar", "")};
  book.decisions = {decision_of(1, ""), decision_of(2, "")};
  const TemporaryNumbers numbers(book);
  EXPECT_EQ(numbers.of(book.entries[0], &book.decisions[0]), "W-0001-1");
  EXPECT_EQ(numbers.of(book.entries[1], &book.decisions[1]), "W-0001-2");
  book.entries[1].name = "Sunita";
  EXPECT_EQ(TemporaryNumbers(book).of(book.entries[1], &book.decisions[1]), "W-0001") << "a number is one person";
}

TEST(PersonsOfNumbers, ANumberTypedInTwoWaysIsOnePerson) {
  Book book;
  book.entries = {entry_of(1, "W-0001", "Sunita Devi", ""), entry_of(2, "w-0001", "Sunita", "")};
  EXPECT_EQ(write_hl7(book, {}).find("w-0001^^^^TEMP"), std::string::npos);
}

TEST(PersonsOfNumbers, ManyUnderOneNumberCostNoTime) {
  Book book;
  for (std::uint64_t i = 1; i <= 5'000; ++i) {
    std::string name = "Name ";
    for (std::uint64_t rest = i; rest > 0; rest /= 26) name += static_cast<char>('a' + rest % 26);
    book.entries.push_back(entry_of(i, "W-0001", name, ""));
  }
  EXPECT_EQ(open_clashes(book).size(), 1U);
}

TEST(PersonsOfNumbers, WhoIsToldApartByMoreThanATelephoneIsNotDecidedOnTogether) {
  Book book;
  book.entries = {entry_of(1, "W-0003", "Kamla Gupta", "98765 43210"), entry_of(2, "W-0007", "Ganesh Deshmukh", ""),
                  entry_of(3, "W-0009", "Gupta, Kamla", "55 51 11 11 11")};
  book.entries[0].sex = "F";
  book.entries[0].age = "17";
  book.entries[1].sex = "M";
  book.entries[1].age = "36";
  book.entries[2].age = "20 years";
  EXPECT_EQ(told_apart(book, {1, 2}),
            "another name, another sex, another age: entry 1: admission of Kamla Gupta, F, 17, 98765 43210; entry 2: "
            "admission of Ganesh Deshmukh, M, 36");
  EXPECT_EQ(told_apart(book, {1, 3}), "") << "a family has two telephones, and 17 may be 20";
  EXPECT_NE(told_apart(book, {1, 3, 2}), "") << "each with each";
  book.entries[2].age = "3 months";
  EXPECT_EQ(told_apart(book, {3, 1}).substr(0, 13), "another age: ");
  EXPECT_EQ(told_apart(book, {1, 8}), "") << "that there is no entry 8 the book says";
}

TEST(ShownPatients, AreKnownOverRunsForTheirEntryAlone) {
  const os::testing::ScratchFolder folder;
  EXPECT_TRUE(read_shown(folder.path()).value().empty());
  ASSERT_TRUE(keep_shown(folder.path(), {{1, {{"UH1", ""}, {"UH2", "another telephone"}}}}).ok());
  ASSERT_TRUE(keep_shown(folder.path(), {{1, {{"UH2", ""}}}, {2, {{"UH3", "another name"}, {"Uh3", ""}}}}).ok());
  const ShownPatients shown = read_shown(folder.path()).value();
  EXPECT_EQ(shown_as(shown, 1, "UH2"), "UH2");
  EXPECT_EQ(shown.at(1).at("UH2"), "") << "as it was shown last";
  EXPECT_EQ(shown.at(2).at("UH3"), "another name");
  EXPECT_EQ(shown_as(shown, 1, "uh2"), "UH2") << "as the database spells it";
  EXPECT_EQ(shown_as(shown, 1, "UH-2"), "UH2");
  EXPECT_FALSE(shown_as(shown, 1, "UH02")) << "a digit too many may be any";
  EXPECT_EQ(shown_as(shown, 2, "UH3"), "UH3");
  EXPECT_FALSE(shown_as(shown, 2, "uh3")) << "two patients are spelled so";
  EXPECT_FALSE(shown_as(shown, 1, "UH3")) << "shown for another entry";
  EXPECT_FALSE(shown_as(shown, 1, "UH12"));
}

TEST(ShownPatients, OfBeforeTheyWereKeptForAnEntrySpeakForNobody) {
  const os::testing::ScratchFolder folder;
  std::filesystem::create_directory(folder / "backentry");
  os::testing::write_file(folder / "backentry/shown.jsonl", "{\"patient_number\":\"UH1\"}\n");
  EXPECT_TRUE(read_shown(folder.path()).value().empty());
  ASSERT_TRUE(keep_shown(folder.path(), {{1, {{"UH1", ""}}}}).ok());
  EXPECT_TRUE(shown_as(read_shown(folder.path()).value(), 1, "UH1"));
}

}  // namespace
}  // namespace lastgood::backentry
