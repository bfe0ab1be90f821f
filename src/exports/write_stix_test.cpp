// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that every bundle keeps what STIX says it must, that the same case gives the same bytes, that a statement is
// gone when what it stood on is gone, and that no object and no sentence names an attacker.
#include "exports/write_stix.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "exports/stix_bundle.h"
#include "exports/stix_checker.h"
#include "exports/testing/made_case.h"

namespace lastgood::exports {

namespace {

using nlohmann::json;

std::vector<json> of_type(const std::string& text, const std::string& type) {
  std::vector<json> found;
  const json bundle = json::parse(text);
  for (const json& object : bundle["objects"])
    if (object["type"] == type) found.push_back(object);
  return found;
}

bool mentions(const std::string& text, std::string_view what) { return text.find(what) != std::string::npos; }

TEST(Stix, every_made_case_is_a_bundle_without_faults) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {  // 10,000 are looked at by hand: CONTRIBUTING.md
    const ExportInput input = testing::make_case(seed);
    const Exported made = write_stix(input);
    const std::vector<std::string> faults = check_stix_bundle(made.bytes);
    ASSERT_TRUE(faults.empty()) << "seed " << seed << ": " << faults.front();
    ASSERT_EQ(made.bytes, write_stix(input).bytes);
    ASSERT_EQ(json::parse(made.bytes)["objects"].size(), made.objects);
    for (const std::string_view banned : {"the attacker is in", "originates from", "traced to", "threat-actor--"})
      ASSERT_FALSE(mentions(made.bytes, banned)) << banned;
  }
}

TEST(Stix, an_empty_case_says_unknown_and_makes_nothing_up) {
  ExportInput input;
  input.facts.case_id = "00";
  const std::string text = write_stix(input).bytes;
  EXPECT_TRUE(check_stix_bundle(text).empty());
  EXPECT_TRUE(mentions(text, "unknown organisation"));
  EXPECT_TRUE(mentions(text, "how many files are encrypted is unknown"));
  EXPECT_TRUE(of_type(text, "indicator").empty());
  EXPECT_TRUE(of_type(text, "impact").empty());
  EXPECT_EQ(of_type(text, "incident").at(0)["extensions"].begin().value()["determination"], "suspected");
}

TEST(Stix, of_contradicting_sources_both_are_said_and_own_names_are_withheld) {
  ExportInput input = testing::make_bak9_case();
  EXPECT_FALSE(mentions(write_stix(input).bytes, "timeline.contradiction"));
  input.facts.timeline.contradictions = {
      {.sentence = "two logs tell of the rename to '/srv/share/Asha Rao.docx.bak9' at 2022-11-23T01:30:00Z and at "
                   "2022-11-23T07:00:00Z, 5 h 30 min apart",
       .gap_ns = 19'800'000'000'000,
       .one = {},
       .other = {}}};
  const std::string text = write_stix(input).bytes;
  EXPECT_TRUE(check_stix_bundle(text).empty());
  EXPECT_TRUE(mentions(text, "at 2022-11-23T01:30:00Z and at 2022-11-23T07:00:00Z"));
  EXPECT_FALSE(mentions(text, "Asha"));
}

TEST(Stix, the_two_accounts_of_bak9_are_indicators_and_the_claim_is_none) {
  const std::string text = write_stix(testing::make_bak9_case()).bytes;
  std::vector<std::string> patterns;
  for (const json& indicator : of_type(text, "indicator")) patterns.push_back(indicator["pattern"]);
  std::sort(patterns.begin(), patterns.end());
  EXPECT_EQ(patterns,
            (std::vector<std::string>{"[email-addr:value = 'dog2398@mail.example']",
                                      "[email-addr:value = 'mouse63209@mail.example']",
                                      "[file:hashes.'SHA-256' = '" + std::string(64, 'a') + "']",
                                      R"([file:name MATCHES '\\.bak9$'])", "[ipv4-addr:value = '193.0.6.139']"}));
  EXPECT_EQ(of_type(text, "ipv4-addr").size(), 2U) << "the claim is an observable, and no more";
  EXPECT_EQ(of_type(text, "malware").at(0)["name"], "unknown ransomware (.bak9)");
  EXPECT_EQ(of_type(text, "malware").at(0)["is_family"], false);
  EXPECT_EQ(of_type(text, "email-message").at(0)["subject"], "your files");
  EXPECT_TRUE(mentions(text, "939a9414-2ddd-4d32-a0cd-375ea402b003")) << "TLP:AMBER+STRICT";
  EXPECT_TRUE(mentions(text, "Standing: claim"));
}

TEST(Stix, the_organisations_own_stays_unless_all_is_asked_for) {
  ExportInput input = testing::make_bak9_case();
  const std::string text = write_stix(input).bytes;
  for (const std::string_view own : {"hims1", "Asha", "/srv", "mx.hospital", "Dr Rao", "vendor@"})
    EXPECT_FALSE(mentions(text, own)) << own;
  input.scope = Scope::all;
  const std::string all = write_stix(input).bytes;
  EXPECT_TRUE(check_stix_bundle(all).empty());
  for (const std::string_view own : {"hims1", "Asha", "/srv", "vendor@"}) EXPECT_TRUE(mentions(all, own)) << own;
  EXPECT_FALSE(mentions(all, "Dr Rao")) << "persons are in no export";
  EXPECT_TRUE(mentions(all, "nothing ties it to the attack"));
}

TEST(Stix, what_stood_on_the_mail_is_gone_with_the_mail) {
  ExportInput input = testing::make_bak9_case();
  input.facts.addresses.clear();
  input.mails.clear();
  input.facts.contacts[0].mails = 0;
  input.facts.contacts[0].places.pop_back();
  const std::string text = write_stix(input).bytes;
  for (const std::string_view gone : {"193.0.6.139", "192.88.99.1", "email-message--", "E-0002", "handed over"})
    EXPECT_FALSE(mentions(text, gone)) << gone;
  EXPECT_TRUE(mentions(text, "dog2398@mail.example"));
}

TEST(Stix, persons_are_told_by_their_basis_and_what_is_not_known_is_unknown) {
  ExportInput input = testing::make_bak9_case();
  input.facts.exposure.persons = {
      {.basis = "held", .at_least = 1000, .at_most = 1200, .is_final = false, .sentence = {}},
      {.basis = "leaving", .at_least = std::nullopt, .at_most = std::nullopt}};
  const std::string text = write_stix(input).bytes;
  EXPECT_TRUE(check_stix_bundle(text).empty());
  EXPECT_TRUE(mentions(text, "Persons held: 1000 to 1200 (estimate)."));
  EXPECT_TRUE(mentions(text, "Persons leaving: unknown."));
  for (const json& impact : of_type(text, "impact"))
    EXPECT_NE(impact["impact_category"], "confidentiality") << "nothing shows that anything left";
  input.facts.exposure.persons.back().at_least = 700;
  const std::string left = write_stix(input).bytes;
  EXPECT_TRUE(check_stix_bundle(left).empty());
  EXPECT_TRUE(mentions(left, "\"individuals\":700"));
  EXPECT_TRUE(mentions(left, "suspected-loss"));
}

TEST(Stix, a_family_is_named_only_with_what_it_stands_on) {
  ExportInput input = testing::make_bak9_case();
  input.facts.families = {
      {.name = "Nobody", .certainty = model::Certainty::weak, .basis = {"an extension"}, .table = "t"},
      {.name = "Somebody",
       .certainty = model::Certainty::strong,
       .basis = {"the note's text is the same"},
       .table = "galaxy of 2026-11-26"}};
  const std::string text = write_stix(input).bytes;
  EXPECT_TRUE(check_stix_bundle(text).empty());
  EXPECT_FALSE(mentions(text, "Nobody"));
  EXPECT_TRUE(mentions(text, "the note's text is the same"));
  EXPECT_TRUE(mentions(text, "galaxy of 2026-11-26"));
}

TEST(Stix, objects_of_two_cases_are_others_and_observables_are_the_same) {
  ExportInput input = testing::make_bak9_case();
  const std::string one = write_stix(input).bytes;
  input.facts.case_id = "ff";
  const std::string other = write_stix(input).bytes;
  EXPECT_EQ(of_type(one, "email-addr"), of_type(other, "email-addr"));
  EXPECT_NE(of_type(one, "incident").at(0)["id"], of_type(other, "incident").at(0)["id"]);
}

TEST(Stix, how_sure_is_said_by_the_table) {
  EXPECT_EQ(confidence_of(model::Certainty::proven, facts::Standing::fact), 90);
  EXPECT_EQ(confidence_of(model::Certainty::strong, facts::Standing::claim), 70);
  EXPECT_EQ(confidence_of(model::Certainty::weak, facts::Standing::fact), 50);
  EXPECT_EQ(confidence_of(model::Certainty::weak, facts::Standing::claim), 30);
  EXPECT_EQ(stix_time(0), "1970-01-01T00:00:00.000Z");
}

}  // namespace

}  // namespace lastgood::exports
