// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the rules which come along are rules, and that a broken one is refused with what is wrong in it.
#include "notices/rule_file.h"

#include <gtest/gtest.h>

#include <random>

#include "notices/kept_drafts.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::notices {

namespace {

constexpr std::string_view k_rule =
    R"({"id":"xx-test","title":"T","authority":"A","country":"XX","law":"L","source":"S","as_of":"2026-01-01",
"checked":"read","channel":"C","applies":"W","stages":[{"id":"one","title":"first","clock":{"hours":6},"fields":[
{"label":"who","from":"organisation.name"},{"label":"measures","person":"what was done"}]},{"id":"two","title":"second",
"clock":{"after":"one","days":30,"note":"N"},"fields":[{"label":"systems","from":"systems.affected"}]}]})";

std::string with(const std::string& from, const std::string& to) {
  std::string out(k_rule);
  const std::size_t at = out.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return out.replace(at, from.size(), to);
}

TEST(RuleFile, gives_every_member) {
  const auto rule = parse_rule(k_rule, "x.json");
  ASSERT_TRUE(rule.ok()) << rule.error().what;
  EXPECT_EQ(rule.value().id, "xx-test");
  EXPECT_EQ(rule.value().as_of, "2026-01-01");
  ASSERT_EQ(rule.value().stages.size(), 2U);
  EXPECT_EQ(rule.value().stages[0].clock.seconds, 6 * 3600);
  EXPECT_EQ(rule.value().stages[0].fields[1].person, "what was done");
  EXPECT_EQ(rule.value().stages[1].clock.after, "one");
  EXPECT_EQ(rule.value().stages[1].clock.seconds, 30 * 24 * 3600);
}

TEST(RuleFile, says_what_is_wrong) {
  const auto complaint = [](const std::string& json) {
    const auto rule = parse_rule(json, "x.json");
    EXPECT_FALSE(rule.ok()) << json;
    return rule.ok() ? std::string() : rule.error().what;
  };
  EXPECT_EQ(complaint("[]"), "rule 'x.json': it is no JSON object");
  EXPECT_EQ(complaint(""), "rule 'x.json': it is no JSON object");
  EXPECT_EQ(complaint(with(R"("law":"L",)", "")), "rule 'x.json': 'law' is missing");
  EXPECT_EQ(complaint(with(R"("law":"L")", R"("law":7)")), "rule 'x.json': 'law' is no text");
  EXPECT_EQ(complaint(with(R"("law")", R"("lawn":"x","law")")), "rule 'x.json': unknown member 'lawn'");
  EXPECT_EQ(complaint(with("organisation.name", "organisation.nam")),
            "rule 'x.json': no case states 'organisation.nam'");
  EXPECT_EQ(complaint(with(R"("hours":6)", R"("hours":-6)")), "rule 'x.json': the clock's 'hours' makes no sense");
  EXPECT_EQ(complaint(with(R"("hours":6)", R"("hours":99999999999)")),
            "rule 'x.json': the clock's 'hours' makes no sense");
  EXPECT_EQ(complaint(with(R"("hours":6)", R"("hours":6,"days":1)")),
            "rule 'x.json': the clock's 'days' makes no sense");
  EXPECT_EQ(complaint(with(R"("after":"one")", R"("after":"two")")),
            "rule 'x.json': stage 'two' comes after 'two', which does not stand before it");
  EXPECT_EQ(complaint(with(R"("id":"two")", R"("id":"one")")), "rule 'x.json': two stages 'one'");
  EXPECT_EQ(complaint(with(R"("id":"xx-test")", R"("id":"../x")")),
            "rule 'x.json': 'id' must be of small letters, digits and '-'");
  EXPECT_EQ(complaint(with(R"("person":"what was done")", R"("person":"")")),
            "rule 'x.json': field 'measures' needs either 'from' or 'person'");
}

TEST(RuleFile, survives_anything_that_is_cut_or_flipped) {
  std::mt19937 random(5);
  for (std::size_t size = 0; size < k_rule.size(); ++size)
    EXPECT_FALSE(parse_rule(k_rule.substr(0, size), "x").ok()) << size;
  for (int round = 0; round < 2000; ++round) {
    std::string odd(k_rule);
    odd[random() % odd.size()] = static_cast<char>(random());
    (void)parse_rule(odd, "x");
  }
  (void)parse_rule(std::string(100'000, '['), "x");
  EXPECT_FALSE(parse_rule(std::string(k_rule_bytes_max + 1, ' '), "x").ok());
}

TEST(RuleFile, those_that_come_along_can_all_be_read) {
  const auto rules = read_rules(std::string(LASTGOOD_SOURCE_DIR) + "/share/notices");
  ASSERT_TRUE(rules.ok()) << rules.error().what;
  EXPECT_GE(rules.value().size(), 5U);
  for (const Rule& rule : rules.value()) {
    EXPECT_FALSE(rule.source.empty());
    EXPECT_EQ(rule.as_of.size(), 10U) << rule.id << " says of when it is";
  }
}

TEST(RuleFile, an_empty_folder_has_no_rules) {
  const os::testing::ScratchFolder folder;
  EXPECT_EQ(read_rules(folder.path()).error().code, base::ErrorCode::misuse);
}

}  // namespace

}  // namespace lastgood::notices
