// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that nothing of the organisation's own leaves with an export unless all of it was asked for.
#include "exports/public_words.h"

#include <gtest/gtest.h>

#include "exports/testing/made_case.h"

namespace lastgood::exports {

namespace {

facts::CaseFacts some_facts() {
  facts::CaseFacts facts = testing::make_bak9_case().facts;
  facts.about.own_domains = {"hospital.example"};
  facts.about.own_blocks = {"203.0.113.0/24"};
  facts.doers.push_back({.account = "ravi", .address = {}, .host = "files01", .files = 3});
  return facts;
}

TEST(PublicWords, names_paths_accounts_domains_and_addresses_of_the_organisation_are_withheld) {
  const PublicWords words(some_facts(), Scope::tied);
  const facts::Place place{.path = "/srv/p/Asha Rao's.docx.bak9", .offset_bytes = 8, .sha256 = {}, .evidence_id = {}};
  const std::string said = words.sentence(
      "stands in '/srv/p/Asha Rao's.docx.bak9' on 'hims1' and hims1, account ravi (RAVI), from "
      "desk@mail.hospital.example "
      "at 203.0.113.9, see C:\\Users\\ravi\\x and \\\\files01\\share and /home/ravi, 10.1.2.3:445. Not at 198.51.100.7 "
      "hims12",
      place);
  for (const std::string_view own :
       {"Asha", "hims1 ", "hims1'", "ravi", "RAVI", "desk@", "203.0.113", "10.1.2.3", "files01", "/home"})
    EXPECT_EQ(said.find(own), std::string::npos) << own << " in " << said;
  EXPECT_NE(said.find("198.51.100.7"), std::string::npos) << "what is not the organisation's own stays";
  EXPECT_NE(said.find("hims12"), std::string::npos) << "a longer name is another one";
  EXPECT_EQ(words.place(place), "a file not taken as evidence, byte 8");
}

TEST(PublicWords, with_all_everything_is_said_as_it_is) {
  const PublicWords words(some_facts(), Scope::all);
  EXPECT_EQ(words.sentence("on 'hims1' in /srv/x", {}), "on 'hims1' in /srv/x");
  EXPECT_EQ(words.place({.path = "/srv/x", .offset_bytes = 8, .sha256 = "ff", .evidence_id = "E-0001"}),
            "evidence E-0001, '/srv/x', byte 8, SHA-256 of the file ff");
}

TEST(PublicWords, only_what_is_tied_and_not_the_organisations_own_is_chosen) {
  ExportInput input = testing::make_bak9_case();
  facts::ContactFacts own = input.facts.contacts.front();
  own.value = "desk@hospital.example";
  input.facts.contacts.push_back(own);
  input.facts.about.own_domains = {"hospital.example"};
  EXPECT_EQ(chosen_contacts(input, PublicWords(input.facts, Scope::tied)).size(), 2U);
  input.scope = Scope::all;
  EXPECT_EQ(chosen_contacts(input, PublicWords(input.facts, Scope::all)).size(), 4U);
}

TEST(PublicWords, text_that_comes_out_is_utf8_without_controls) {
  const PublicWords words(some_facts(), Scope::tied);
  EXPECT_EQ(words.sentence("a\xff\n", {}), "a\\xff\\x0a");
  EXPECT_EQ(PublicWords::file_name("/a/b/READ ME.txt"), "READ ME.txt");
}

TEST(PublicWords, a_note_keeps_its_name_and_loses_its_folder) {
  const PublicWords words(some_facts(), Scope::tied);
  facts::Link link;
  link.rule = "link.note";
  link.sentence = "stands in the ransom note '/srv/p/Asha/READ ME.txt'";
  link.place.path = "/srv/p/Asha/READ ME.txt";
  EXPECT_EQ(words.sentence(link), "stands in the ransom note 'READ ME.txt'");
}

TEST(PublicWords, a_short_name_is_withheld_where_it_stands_in_quotes) {
  facts::CaseFacts facts = some_facts();
  facts.hosts.front().name = "vm";
  const PublicWords words(facts, Scope::tied);
  EXPECT_EQ(words.sentence("the vm on 'vm'", {}), "the vm on (withheld)");
}

}  // namespace

}  // namespace lastgood::exports
