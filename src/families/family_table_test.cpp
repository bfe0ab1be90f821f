// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a family is named only with what it stands on, that an extension alone is weak, and that unknown is
// normal.
#include "families/family_table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

namespace lastgood::families {

namespace {

constexpr std::string_view k_table = R"({"name":"T","version":7,"date":"2026-01-01","values":[
{"value":"Alpha","meta":{"extensions":[".alpha","*.Alp"],"ransomnotes-filenames":["ALPHA-HELP.txt","readme.txt"],
"ransomnotes":["write to Alpha@mail.example"],"links":["http://alphaalpha.onion/x"]}},
{"value":"Beta","meta":{"extensions":["alpha",".ID-[x@y.example].beta",5]}},
{"value":"Gamma"},{"meta":{}},7]})";

FamilyTable table() {
  auto parsed = parse_family_table(k_table, "t.json");
  EXPECT_TRUE(parsed.ok());
  return std::move(parsed).value();
}

TEST(FamilyTable, reads_what_it_understands) {
  const FamilyTable known = table();
  ASSERT_EQ(known.families.size(), 2U);
  EXPECT_EQ(known.families[0].extensions, (std::vector<std::string>{".alpha", ".alp"}));
  EXPECT_EQ(known.families[1].extensions, (std::vector<std::string>{".alpha", ".beta"}));
  EXPECT_EQ(known.version, "7");
}

TEST(FamilyTable, an_extension_alone_is_weak_and_every_family_that_has_it_is_named) {
  const auto named = name_families(table(), {.extensions = {".ALPHA"}, .note_names = {}, .contacts = {}});
  ASSERT_EQ(named.size(), 2U);
  EXPECT_EQ(named[0].name, "Alpha");
  EXPECT_EQ(named[0].strength, Strength::weak);
  EXPECT_EQ(named[0].basis, std::vector<std::string>{"appends the extension .ALPHA"});
  EXPECT_EQ(named[0].table, "T, version 7 of 2026-01-01");
}

TEST(FamilyTable, a_contact_or_two_kinds_of_marks_are_strong) {
  const auto by_contact =
      name_families(table(), {.extensions = {}, .note_names = {}, .contacts = {"alpha@mail.example"}});
  ASSERT_EQ(by_contact.size(), 1U);
  EXPECT_EQ(by_contact[0].strength, Strength::strong);
  const auto by_two =
      name_families(table(), {.extensions = {".alpha"}, .note_names = {"Alpha-Help.txt"}, .contacts = {}});
  ASSERT_EQ(by_two.size(), 2U);
  EXPECT_EQ(by_two[0].name, "Alpha");
  EXPECT_EQ(by_two[0].strength, Strength::strong);
  EXPECT_EQ(by_two[1].strength, Strength::weak);
}

TEST(FamilyTable, marks_that_anybody_uses_and_unknown_ones_name_nothing) {
  EXPECT_TRUE(
      name_families(table(), {.extensions = {".bak9"}, .note_names = {"readme.txt"}, .contacts = {"x"}}).empty());
  EXPECT_TRUE(name_families(table(), {}).empty());
}

TEST(FamilyTable, refuses_what_is_none_and_survives_anything) {
  for (const char* text : {"", "[]", "{}", "{\"values\":7}", "nonsense"})
    EXPECT_EQ(parse_family_table(text, "x").error().code, base::ErrorCode::misuse) << text;
  std::mt19937 random(3);
  for (std::size_t size = 0; size < k_table.size(); ++size) (void)parse_family_table(k_table.substr(0, size), "x");
  for (int round = 0; round < 3000; ++round) {
    std::string odd(k_table);
    odd[random() % odd.size()] = static_cast<char>(random());
    if (const auto parsed = parse_family_table(odd, "x"); parsed.ok())
      (void)name_families(parsed.value(), {.extensions = {".alpha"}, .note_names = {"a"}, .contacts = {"alpha@mail"}});
  }
}

TEST(FamilyTable, the_one_that_comes_along_can_be_read_and_knows_nothing_of_bak9) {
  std::ifstream file(std::string(LASTGOOD_SOURCE_DIR) + "/share/families/known.json");
  std::stringstream text;
  text << file.rdbuf();
  const auto parsed = parse_family_table(text.str(), "known.json");
  ASSERT_TRUE(parsed.ok());
  EXPECT_GE(parsed.value().families.size(), 40U);
  EXPECT_EQ(parsed.value().date.size(), 10U);
  EXPECT_TRUE(name_families(parsed.value(), {.extensions = {".bak9"}, .note_names = {}, .contacts = {}}).empty());
  const auto wanna =
      name_families(parsed.value(), {.extensions = {".WNCRY"}, .note_names = {"@Please_Read_Me@.txt"}, .contacts = {}});
  ASSERT_FALSE(wanna.empty());
  EXPECT_EQ(wanna[0].name, "WannaCry");
  // Nobody has checked it against samples: it names, and is passed on to nobody.
  EXPECT_EQ(wanna[0].strength, Strength::weak);
  EXPECT_EQ(wanna[0].basis.size(), 2U);
  EXPECT_NE(wanna[0].table.find("of 2026-11-26: general knowledge of public reports, not checked"), std::string::npos);
}

}  // namespace

}  // namespace lastgood::families
