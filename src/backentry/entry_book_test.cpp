// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what is typed in is kept as typed and shows when it was changed, that nobody is merged with anybody by a
// program, that messages hold no delimiter that a person typed, and that the page serves its own browser only.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "backentry/doubts.h"
#include "backentry/entry_book.h"
#include "backentry/match_entries.h"
#include "backentry/persons_of_numbers.h"
#include "backentry/write_hl7.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::backentry {
namespace {

using namespace std::string_literals;
using os::testing::ScratchFolder;

class Stopped final : public os::Clock {
 public:
  [[nodiscard]] std::int64_t now_ns() const override { return 1'669'200'000'000'000'000; }
};

Answers admission() {
  return {{"number", "W-0001"},
          {"what", "admission"},
          {"phone", "+91 98765 43210"},
          {"name", "Sunita Devi"},
          {"sex", "f"},
          {"age", "34"},
          {"place", "W-5"},
          {"text", "fever, to be admitted"},
          {"paper_time", "2022-11-23 09:10"},
          {"typed_by", "Nurse Mary"}};
}

Entry add(const std::string& folder, const Answers& answers) {
  const ReadEntry read = read_answers(answers);
  EXPECT_TRUE(read.mistakes.empty()) << (read.mistakes.empty() ? "" : read.mistakes[0].sentence);
  const auto added = add_entry(folder, read.entry, Stopped());
  EXPECT_TRUE(added.ok()) << (added.ok() ? "" : added.error().what);
  return added.ok() ? added.value() : Entry();
}

TEST(Answers, EachMistakeIsASentence) {
  EXPECT_TRUE(read_answers(admission()).mistakes.empty());
  EXPECT_GE(read_answers({}).mistakes.size(), 4U);
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{{"paper_time", "23/11/2022 9:10"},
                                                                                   {"paper_time", "2022-13-01 09:10"},
                                                                                   {"paper_time", "2023-02-29 09:10"},
                                                                                   {"sex", "x"},
                                                                                   {"what", "nothing"},
                                                                                   {"phone", "12"},
                                                                                   {"number", ""},
                                                                                   {"typed_by", ""},
                                                                                   {"corrects", "-1"},
                                                                                   {"corrects", "99999999999999999999"},
                                                                                   {"name", std::string(5'000, 'a')}}) {
    Answers answers = admission();
    answers[key] = value;
    EXPECT_EQ(read_answers(answers).mistakes.size(), 1U) << key << " " << value.substr(0, 20);
  }
}

TEST(Answers, AnOrderAResultAndAPaymentSayWhat) {
  Answers answers = admission();
  answers["text"] = "";
  EXPECT_TRUE(read_answers(answers).mistakes.empty());
  for (const char* what : {"order", "result", "payment"}) {
    answers["what"] = what;
    for (const char* nothing : {"", " ", "-", "..."}) {
      answers["text"] = nothing;
      ASSERT_EQ(read_answers(answers).mistakes.size(), 1U) << what << nothing;
      EXPECT_EQ(read_answers(answers).mistakes[0].field, "text");
    }
    for (const char* said : {"+", "7", "not readable", "बुखार"}) {
      answers["text"] = said;
      EXPECT_TRUE(read_answers(answers).mistakes.empty()) << said;
    }
  }
}

TEST(Doubts, AreOfWhatIsRatherMistypedAndAreKeptWhenThePaperHasIt) {
  const Known now{1'669'200'000'000'000'000, "+05:30", NumberIs::given, {}};  // 2022-11-23 16:10 there
  EXPECT_TRUE(open_doubts(admission(), now).empty());
  for (const auto& [key, value] : std::vector<std::pair<std::string, std::string>>{{"paper_time", "2022-11-23 16:26"},
                                                                                   {"paper_time", "2023-11-23 09:10"},
                                                                                   {"paper_time", "2021-11-23 09:10"},
                                                                                   {"age", "200"},
                                                                                   {"age", "-3"},
                                                                                   {"age", "200 years"},
                                                                                   {"age", "Oncology ward"},
                                                                                   {"patient_number", "Kamla Gupta"},
                                                                                   {"age", "999999999999999999999 d"},
                                                                                   {"age", "26.2.1998"},
                                                                                   {"phone", "26.2.1998"},
                                                                                   {"phone", "1998-02-26"},
                                                                                   {"phone", "2026-11-27 13:31"},
                                                                                   {"phone", "Ravi Kumar"},
                                                                                   {"phone", "रवि"},
                                                                                   {"phone", "12"},
                                                                                   {"name", "9876543210"}}) {
    Answers answers = admission();
    answers[key] = value;
    const auto doubts = open_doubts(answers, now);
    ASSERT_EQ(doubts.size(), 1U) << key << " " << value;
    EXPECT_EQ(doubts[0].field, key);
    EXPECT_NE(doubts[0].sentence.find("type "), std::string::npos) << doubts[0].sentence;
    confirm(answers, key);
    EXPECT_TRUE(open_doubts(answers, now).empty()) << key << " " << value;
  }
}

TEST(Doubts, WhatWasSaidIsSaidOfThatValueAlone) {
  Answers answers = admission();
  answers["age"] = "200";
  confirm(answers, "age");
  EXPECT_TRUE(open_doubts(answers, {}).empty());
  answers["age"] = "201";
  EXPECT_EQ(open_doubts(answers, {}).size(), 1U);
}

TEST(Doubts, AreNotOfWhatPeopleWrite) {
  const Known now{1'669'200'000'000'000'000, "+05:30", NumberIs::given, {}};
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, std::string>>{{"paper_time", "2022-11-23 16:24"},
                                                        {"paper_time", "2022-03-01 09:10"},
                                                        {"age", "103"},
                                                        {"age", "200 days"},
                                                        {"age", "about 60"},
                                                        {"age", "newborn"},
                                                        {"age", "Not known"},
                                                        {"age", "\u0928\u0935\u091c\u093e\u0924"},
                                                        {"patient_number", "uh0001640"},
                                                        {"age", "3 months"},
                                                        {"age", ""},
                                                        {"phone", "+91 (98765) 43-210"},
                                                        {"phone", "011-26588500 ext 12"},
                                                        {"phone", "98.76.54.32.10"},
                                                        {"phone", "9876543210 / 9876543211"},
                                                        {"phone", "none"},
                                                        {"name", ""},
                                                        {"name", "सुनीता देवी"}}) {
    Answers answers = admission();
    answers[key] = value;
    EXPECT_TRUE(open_doubts(answers, now).empty()) << key << " " << value;
  }
}

TEST(Answers, AreUnderstoodAsPeopleTypeThem) {
  Answers answers = admission();
  for (const auto& [typed, meant] : std::vector<std::pair<std::string, What>>{
           {"Adm", What::admission}, {"pay", What::payment}, {"RES", What::result}, {"reg", What::registration}}) {
    answers["what"] = typed;
    EXPECT_EQ(read_answers(answers).entry.what, meant) << typed;
  }
  for (const char* typed : {"re", "", "admissions"}) {
    answers["what"] = typed;
    ASSERT_EQ(read_answers(answers).mistakes.size(), 1U) << typed;
    EXPECT_EQ(read_answers(answers).mistakes[0].field, "what");
  }
}

TEST(Answers, HaveOurDigitsWhateverScriptTheyWereTypedIn) {
  Answers answers = admission();
  answers["number"] = "W-०००१";
  answers["phone"] = "৯৮৭৬৫ ৪৩২১০";
  answers["patient_number"] = "UH௪௨";
  answers["age"] = "३४";
  answers["paper_time"] = "२०२२-११-२३ ०९:१०";
  answers["corrects"] = "#6";
  const ReadEntry read = read_answers(answers);
  ASSERT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence;
  EXPECT_EQ(read.entry.number, "W-0001");
  EXPECT_EQ(read.entry.phone, "98765 43210");
  EXPECT_EQ(read.entry.patient_number, "UH42");
  EXPECT_EQ(read.entry.age, "34");
  EXPECT_EQ(read.entry.paper_time, "2022-11-23 09:10");
  EXPECT_EQ(read.entry.corrects, 6U) << "as it is printed elsewhere";
  EXPECT_TRUE(open_doubts(answers, {}).empty());
  EXPECT_EQ(phone_key("०९८७६५४३२१०"), "9876543210") << "of the database, too";
}

TEST(Doubts, AreOfANameThatIsAPatientsNumber) {
  Answers answers = admission();
  answers["name"] = "UH0000777";
  ASSERT_EQ(open_doubts(answers, {}).size(), 1U);
  EXPECT_EQ(open_doubts(answers, {})[0].field, "name");
  confirm(answers, "name");
  EXPECT_TRUE(open_doubts(answers, {}).empty());
  answers["name"] = "Baby 2 of Sunita";
  EXPECT_TRUE(open_doubts(answers, {}).empty());
}

TEST(Answers, OfSomebodyWhomNobodyKnowsCanBeKept) {
  Answers answers = admission();
  answers["phone"] = "None";
  const ReadEntry read = read_answers(answers);
  EXPECT_TRUE(read.mistakes.empty());
  EXPECT_EQ(read.entry.phone, "") << "no message calls a word a telephone";
  EXPECT_EQ(read_answers(answers_of(read.entry)).entry, read.entry);
}

TEST(Answers, ComeOutClean) {
  Answers answers = admission();
  answers["name"] = "a\0b\xe2\x80\xae\xff"s;
  EXPECT_EQ(read_answers(answers).entry.name, "a\\x00b<U+202E>\\xff");
}

TEST(Keys, SeeThroughWritings) {
  EXPECT_EQ(phone_key("+91 98765-43210"), phone_key("098765 43210"));
  EXPECT_EQ(phone_key("123"), "");
  EXPECT_EQ(name_key("Sharma, RAMESH"), name_key("ramesh  sharma"));
  EXPECT_EQ(name_key("सुनीता देवी"), name_key("देवी सुनीता"));
}

TEST(EntryBook, KeepsCorrectionsAsNewEntries) {
  const ScratchFolder folder;
  add(folder.path(), admission());
  Answers corrected = admission();
  corrected["age"] = "43";
  corrected["corrects"] = "1";
  EXPECT_EQ(add(folder.path(), corrected).id, 2U);
  const auto book = read_book(folder.path());
  ASSERT_TRUE(book.ok());
  EXPECT_EQ(book.value().entries.size(), 2U);
  ASSERT_EQ(book.value().standing().size(), 1U);
  EXPECT_EQ(book.value().standing()[0]->age, "43");
  const auto again = add_entry(folder.path(), read_answers(corrected).entry, Stopped());
  ASSERT_FALSE(again.ok()) << "else both corrections would stand, and the patient would be there twice";
  EXPECT_EQ(again.error().what, "entry 1 was corrected by entry 2 already");
  EXPECT_EQ(book.value().standing_for(1)->id, 2U);
  EXPECT_EQ(book.value().standing_for(9), nullptr);
  corrected["corrects"] = "9";
  EXPECT_FALSE(add_entry(folder.path(), read_answers(corrected).entry, Stopped()).ok());
}

TEST(EntryBook, OfTwoPersonsKeptUnderOneNumberAtOneMomentTheSecondIsAskedAbout) {
  const ScratchFolder folder;
  const auto keep = [&](const std::string& name) {
    Answers answers = admission();
    answers["name"] = name;
    answers["phone"] = "";
    const Entry entry = read_answers(answers).entry;
    const auto ask = [=](const Book& book) {
      return open_doubts(answers, {0, {}, NumberIs::not_looked_up, other_holders(book, entry)});
    };
    const auto before = read_book(folder.path());
    EXPECT_TRUE(!before.ok() || ask(before.value()).empty()) << "both desks saw an empty book";
    return [=, path = folder.path()] { return add_entry_without_doubts(path, entry, Stopped(), ask); };
  };
  const auto first = keep("Sunita Devi");
  const auto second = keep("Ravi Kumar");
  ASSERT_TRUE(first().ok());
  const auto added = second();
  ASSERT_TRUE(added.ok());
  ASSERT_EQ(added.value().doubts.size(), 1U);
  EXPECT_NE(added.value().doubts[0].sentence.find("is another person's already"), std::string::npos);
  EXPECT_EQ(read_book(folder.path()).value().entries.size(), 1U);
}

TEST(EntryBook, ShowsALineThatWasChangedTakenOutOrPutIn) {
  const ScratchFolder folder;
  for (int i = 0; i < 3; ++i) add(folder.path(), admission());
  const std::string path = folder.path() + "/backentry/entries.jsonl";
  const std::string text = os::testing::read_file(path);
  ASSERT_TRUE(parse_book(text, path).ok());
  std::string changed = text;
  changed.replace(changed.find("Sunita"), 6, "Sunito");
  EXPECT_FALSE(parse_book(changed, path).ok());
  const std::size_t first = text.find('\n') + 1;
  EXPECT_FALSE(parse_book(text.substr(first), path).ok());
  EXPECT_FALSE(parse_book(text.substr(0, first) + text, path).ok());
  EXPECT_TRUE(parse_book(text.substr(0, text.size() - 5), path).ok()) << "a torn end is none of these";
}

TEST(EntryBook, GoesOnAfterAWriterWasKilled) {
  const ScratchFolder folder;
  add(folder.path(), admission());
  std::ofstream(folder.path() + "/backentry/entries.jsonl", std::ios::app) << "{\"entry\":2,\"corr";
  EXPECT_EQ(add(folder.path(), admission()).id, 2U);
  EXPECT_EQ(read_book(folder.path()).value().entries.size(), 2U);
}

TEST(Matching, SuggestsWithReasonsAndDecidesNothing) {
  const ScratchFolder folder;
  add(folder.path(), admission());
  Answers other = admission();
  other["number"] = "W-0002";
  other["phone"] = "1234567";
  other["name"] = "Nobody Known";
  add(folder.path(), other);
  const auto book = read_book(folder.path());
  PatientMatcher matcher(book.value());
  matcher.on_columns(std::vector<std::string>{"number", "name", "sex", "birth_date", "phone"});
  const auto row = [&](const char* number, const char* name, const char* sex, const char* phone) {
    EXPECT_TRUE(matcher.on_row(std::vector<std::optional<std::string_view>>{
        number, name, sex, "1988-01-01", phone == nullptr ? std::nullopt : std::optional<std::string_view>(phone)}));
  };
  row("UH1", "Devi Sunita", "F", "9876543210");
  row("UH2", "Sunita Devi", "M", "5550000000");
  row("UH3", "Somebody Else", "F", "5551111111");
  for (int i = 0; i < 50; ++i) row("UH9", "sunita devi", "F", nullptr);
  const auto& found = matcher.suggestions(1);
  ASSERT_EQ(found.size(), 10U);
  EXPECT_EQ(found[0].number, "UH1");
  EXPECT_EQ(matcher.found(1), 52U) << "who looks at ten is told that there are more";
  EXPECT_EQ(found[0].reasons, (std::vector<std::string>{"same telephone", "same name", "same age", "same sex"}));
  EXPECT_TRUE(matcher.suggestions(2).empty());
  ASSERT_TRUE(add_decisions(folder.path(), {1}, {0, "UH1", "Dr Rao", ""}, EarlierDecision::stands, Stopped(), "").ok());
  const auto decided = read_book(folder.path());
  EXPECT_EQ(decided.value().decision_of(1)->patient_number, "UH1");
  EXPECT_FALSE(
      add_decisions(folder.path(), {7}, {0, "UH1", "Dr Rao", ""}, EarlierDecision::stands, Stopped(), "").ok());
}

TEST(Matching, FindsANameInTheLettersInWhichTheSheetHasIt) {
  const ScratchFolder folder;
  Answers local = admission();
  local["phone"] = "1234567";
  local["name"] = "गीता मिश्रा";
  add(folder.path(), local);
  local["number"] = "W-0002";
  local["name"] = "Gita Mishra / गीता मिश्रा";  // as the census writes both
  add(folder.path(), local);
  const auto book = read_book(folder.path());
  PatientMatcher matcher(book.value());
  matcher.on_columns(std::vector<std::string>{"number", "name", "name_local", "sex", "birth_date", "phone"});
  EXPECT_TRUE(matcher.on_row(std::vector<std::optional<std::string_view>>{"UH36", "Geeta Mishra", "मिश्रा गीता", "F",
                                                                          "1988-01-01", "9876543210"}));
  EXPECT_TRUE(matcher.on_row(
      std::vector<std::optional<std::string_view>>{"UH37", "Asha Rao", std::nullopt, "F", "1988-01-01", "5550000000"}));
  for (const std::uint64_t entry : {1U, 2U}) {
    ASSERT_EQ(matcher.suggestions(entry).size(), 1U) << entry;
    EXPECT_EQ(matcher.suggestions(entry)[0].number, "UH36");
    EXPECT_EQ(matcher.suggestions(entry)[0].other_names, std::vector<std::string>{"मिश्रा गीता"});
  }
}

TEST(Matching, ShowsWhoElseHasTheTelephone) {
  const ScratchFolder folder;
  add(folder.path(), admission());
  Answers other = admission();
  other["number"] = "W-0002";
  other["phone"] = "098765 43210";
  add(folder.path(), other);
  other["what"] = "discharge";
  add(folder.path(), other);
  const auto book = read_book(folder.path());
  const PatientMatcher matcher(book.value());
  const auto same = matcher.same_phone(book.value().entries[1]);
  ASSERT_EQ(same.size(), 1U) << "what is under the same number is of the same paper";
  EXPECT_EQ(same[0]->id, 1U);
}

TEST(Hl7, TimesAreInTheCasesZoneAndSayIt) {
  Entry entry = read_answers(admission()).entry;
  entry.id = 7;
  entry.typed = "2022-11-23T10:40:00.123456789Z";
  const Written written{1'669'200'000'000'000'000, "+05:30"};  // 2022-11-23 10:40:00 UTC
  const std::string message = hl7_message(entry, nullptr, "W-0001", written).value();
  EXPECT_NE(message.find("|HOSPITAL|20221123161000+0530||"), std::string::npos) << message;
  EXPECT_NE(message.find("EVN|A01|20221123161000+0530|||^Nurse Mary|20221123091000+0530\r"), std::string::npos);
  entry.what = What::result;
  EXPECT_NE(hl7_message(entry, nullptr, "W-0001", written)->find("|P|||20221123091000+0530\r"), std::string::npos);
  EXPECT_NE(hl7_message(entry, nullptr, "W-0001", {1, {}})->find("20221123091000+0000"), std::string::npos);
  Book book;
  book.entries.push_back(entry);
  const std::string table = write_review_csv(book, "+05:30");
  EXPECT_NE(table.find("2022-11-23 09:10,Nurse Mary,2022-11-23 16:10:00,UTC+05:30,"), std::string::npos) << table;
}

TEST(Hl7, ATransferSaysTheNewWardAndTheOneBefore) {
  Answers answers = admission();
  answers["from_place"] = "W-1";
  EXPECT_EQ(read_answers(answers).entry.from_place, "") << "an admission comes from no ward";
  answers["what"] = "transfer";
  const ScratchFolder folder;
  ASSERT_TRUE(add_entry(folder.path(), read_answers(answers).entry, Stopped()).ok());
  const auto book = read_book(folder.path());
  ASSERT_TRUE(book.ok()) << book.error().what;
  const Entry& entry = book.value().entries.at(0);
  const std::string message = hl7_message(entry, nullptr, entry.number, {}).value();
  EXPECT_NE(message.find("\rPV1|1|I|W-5|||W-1\r"), std::string::npos) << message;
  EXPECT_NE(write_review_csv(book.value(), {}).find(",W-1\r\n"), std::string::npos);
  EXPECT_EQ(answers_of(entry).at("from_place"), "W-1") << "it stays when the entry is corrected";
}

TEST(EntryBook, KeepsNoDecisionAboutWhatWasCorrected) {
  const ScratchFolder folder;
  Entry entry = read_answers(admission()).entry;
  ASSERT_TRUE(add_entry(folder.path(), entry, Stopped()).ok());
  entry.corrects = 1;
  ASSERT_TRUE(add_entry(folder.path(), entry, Stopped()).ok());
  const base::Status decided =
      add_decisions(folder.path(), {1}, {0, "UH1", "Dr Rao", ""}, EarlierDecision::stands, Stopped(), "");
  ASSERT_FALSE(decided.ok());
  EXPECT_NE(decided.error().what.find("2"), std::string::npos) << decided.error().what;
  EXPECT_TRUE(add_decisions(folder.path(), {2}, {0, "UH1", "Dr Rao", ""}, EarlierDecision::stands, Stopped(), "").ok());
}

TEST(Hl7, AMessageOfAnotherContentHasAnotherControlId) {
  Entry entry = read_answers(admission()).entry;
  entry.id = 2;
  entry.patient_number = "UH9";
  const auto control_id = [&](const Decision* decision, std::int64_t now_ns) {
    const std::string message = hl7_message(entry, decision, "W-0001", {now_ns, {}}).value();
    const std::size_t at = message.find("|LG00000002-");
    EXPECT_NE(at, std::string::npos) << message;
    return message.substr(at + 1, message.find('|', at + 1) - at - 1);
  };
  const std::string open = control_id(nullptr, 1);
  EXPECT_LE(open.size(), 20U);
  EXPECT_EQ(control_id(nullptr, 3'000'000'000), open) << "written again it is the same message";
  const Decision decision{2, "UH1", "Dr Rao", ""};
  EXPECT_NE(control_id(&decision, 1), open) << "a receiver would drop what it has seen";
  const std::string message = hl7_message(entry, nullptr, "W-0001", {}).value();
  EXPECT_NE(message.find("PID|1||W-0001^^^^TEMP||"), std::string::npos) << "what was typed is no identifier yet";
  EXPECT_NE(message.find("nobody has decided who this is; number as written: UH9"), std::string::npos);
  entry.corrects = 1;
  EXPECT_NE(hl7_message(entry, &decision, "", {})->find("corrects entry 1: where that one was taken in before"),
            std::string::npos);
}

TEST(Hl7, OfACorrectionOfACorrectionNamesEachEntryThatMayHaveBeenTakenIn) {
  Book book;
  for (const std::uint64_t id : {1U, 2U, 3U, 4U}) {
    Entry entry = read_answers(admission()).entry;
    entry.id = id;
    entry.corrects = id == 3 ? 1 : id == 4 ? 3 : 0;
    book.entries.push_back(entry);
  }
  const std::string messages = write_hl7(book, {});
  EXPECT_NE(messages.find("corrects entry 3, and with it entry 1: where one of them was taken in before"),
            std::string::npos)
      << messages;
}

TEST(Hl7, HoldsNoDelimiterThatWasTyped) {
  Answers answers = admission();
  answers["name"] = "Sun|ita^De&vi~\\";
  answers["text"] = "a|b";
  Entry entry = read_answers(answers).entry;
  entry.id = 7;
  const std::string message = hl7_message(entry, nullptr, entry.number, {}).value();
  EXPECT_EQ(message.find("Sun|ita"), std::string::npos);
  EXPECT_NE(message.find("Sun\\F\\ita\\S\\De\\T\\vi\\R\\\\E\\"), std::string::npos);
  EXPECT_NE(message.find("|ADT^A01^ADT_A01|LG00000007-"), std::string::npos);
  EXPECT_NE(message.find("W-0001^^^^TEMP"), std::string::npos);
  const Decision decision{7, "UH1", "Dr Rao", ""};
  EXPECT_NE(hl7_message(entry, &decision, "", {})->find("UH1^^^^MR"), std::string::npos);
  entry.what = What::order;
  const std::string order = hl7_message(entry, nullptr, entry.number, {}).value();
  EXPECT_NE(order.find("ORC|NW|W-0001-7|||||||20221123091000+0000\rOBR|1|W-0001-7|"), std::string::npos)
      << "two orders of one paper are two";
  EXPECT_NE(order.find("PV1|1|U|W-5\r"), std::string::npos) << "nobody wrote whether the patient is admitted";
  entry.what = What::payment;
  EXPECT_FALSE(hl7_message(entry, nullptr, entry.number, {}));
}

TEST(BackEntryMessages, stand_in_the_order_of_the_paper) {
  Book book;
  for (const auto& [id, what, time] :
       {std::tuple(1, What::discharge, "2022-11-23 09:00"), std::tuple(2, What::admission, "2022-11-23 07:00")}) {
    Entry entry;
    entry.id = static_cast<std::uint64_t>(id);
    entry.what = what;
    entry.paper_time = time;
    book.entries.push_back(entry);
  }
  const std::string messages = write_hl7(book, {});
  EXPECT_LT(messages.find("ADT^A01"), messages.find("ADT^A03"));
  EXPECT_NE(messages.find("ADT^A03"), std::string::npos);
}

}  // namespace
}  // namespace lastgood::backentry
