// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the six questions of the real case come out of its facts with nothing typed; that each stands on its
// input (take it away, and the question is gone); and that hostile values stay quotations in every form.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <map>

#include "base/rfc3339.h"
#include "documents/wording.h"
#include "documents/write_document.h"
#include "network/testing/made_data.h"
#include "questions/plan_questions.h"
#include "questions/time_windows.h"
#include "questions/write_pack.h"

namespace lastgood::questions {

namespace {

std::int64_t at(const char* text) { return *base::parse_rfc3339(text); }

const Directory& directory() {
  static const Directory read = [] {
    const std::string share = std::string(LASTGOOD_SOURCE_DIR) + "/share";
    auto directory = read_directory(share + "/providers", share + "/agencies");
    EXPECT_TRUE(directory.ok()) << directory.error().what;
    return std::move(directory).value();
  }();
  return read;
}

const network::AddressData& data() {
  static const os::testing::ScratchFolder scratch;
  static const network::AddressData opened = [] {
    network::testing::make_data(scratch.path());
    return std::move(network::open_address_data(scratch.path())).value();
  }();
  return opened;
}

facts::ContactFacts account(const std::string& value, std::uint64_t offset) {
  facts::ContactFacts contact;
  contact.kind = "email";
  contact.value = value;
  contact.level = "shape";
  contact.encrypted_files = 412;
  const facts::Place place{
      .path = "/mnt/db1/x.bak9", .offset_bytes = offset, .sha256 = std::string(64, 'a'), .evidence_id = "E-0001"};
  contact.places = {place};
  contact.links = {{.certainty = model::Certainty::strong,
                    .rule = "link.campaign",
                    .sentence = "is a contact of the campaign .bak9",
                    .place = place}};
  return contact;
}

facts::AddressFacts address(const std::string& text, std::uint16_t port, const char* first, const char* last) {
  facts::AddressFacts found;
  found.address = text;
  found.standing = facts::Standing::fact;
  for (const char* time : {first, last}) {
    facts::Observation seen;
    seen.at_ns = at(time);
    seen.basis = model::TimeBasis::recorded;
    seen.standing = facts::Standing::fact;
    seen.what = "connection";
    seen.port = port;
    seen.own_address = "10.1.1.7";
    seen.own_port = 51000;
    seen.place = {.path = "/mnt/fw/conn.log", .offset_bytes = 4711, .sha256 = {}, .evidence_id = "E-0002"};
    found.observations.push_back(seen);
  }
  found.links = {{.certainty = model::Certainty::strong,
                  .rule = "link.connection",
                  .sentence = "the file that encrypted talked to it",
                  .place = found.observations[0].place}};
  return found;
}

/// The case of 23 November 2022 as far as its press says it; addresses are made up.
facts::CaseFacts real_case() {
  facts::CaseFacts facts;
  facts.case_name = "night";
  facts.contacts = {account("dog2398@protonmail.com", 6), account("mouse63209@protonmail.com", 29)};
  facts.addresses = {address("1.2.3.4", 8443, "2022-11-22T21:10:00Z", "2022-11-23T01:40:00Z"),
                     address("5.6.7.8", 4444, "2022-11-22T22:00:00Z", "2022-11-23T01:45:00Z")};
  const auto moment = [](const char* name, const char* time) {
    facts::MomentFacts made;
    made.name = name;
    made.at_ns = at(time);
    made.basis = model::TimeBasis::file_time;
    made.sentence = "change times of 412 encrypted files";
    return made;
  };
  facts.moments = {moment("first encryption", "2022-11-23T01:30:00Z"),
                   moment("last encryption", "2022-11-23T02:10:00Z")};
  facts::HostFacts host;
  host.name = "db1";
  host.files = 500;
  host.hit_files = 412;
  facts.hosts = {host};
  evidence::EvidenceItem item;
  item.id = "E-0002";
  item.path = "/mnt/fw/conn.log";
  item.sha256 = std::string(64, 'b');
  facts.evidence = {item};
  return facts;
}

std::map<std::string, std::string> letters_of(const facts::CaseFacts& facts,
                                              documents::Form form = documents::Form::text,
                                              QuestionRequest request = {}) {
  request.made_ns = at("2022-11-25T06:00:00Z");
  const Packs packs = plan_questions(facts, directory(), &data(), request);
  std::map<std::string, std::string> letters;
  for (const Pack& pack : packs.packs) {
    const auto text = documents::write_document(write_pack(pack, packs), form);
    EXPECT_TRUE(text.ok()) << text.error().what;
    if (text.ok()) letters[pack.id] = text.value();
  }
  return letters;
}

bool says(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

constexpr std::array<std::string_view, 6> k_six = {
    "To whom, person or company",   "Which company gives internet there",
    "Since when have the accounts", "What else were the accounts",
    "Timing of the attack",         "From where was the encryption done"};

}  // namespace

TEST(Questions, of_the_real_case_come_out_with_nothing_typed) {
  const auto letters = letters_of(real_case());
  for (const char* id : {"police", "interpol", "mutual-legal-assistance"}) {
    for (const std::string_view question : k_six) EXPECT_TRUE(says(letters.at(id), question)) << id << ": " << question;
  }
  const std::string& network = letters.at("network-as64500");
  EXPECT_TRUE(says(network, "Example Cloud (HK), Limited"));
  EXPECT_TRUE(says(network, "1.2.3.4 port 8443"));
  EXPECT_TRUE(says(network, "2022-11-22 21:10:00 UTC, 2022-11-23 02:40:00 +05:30")) << network;
  EXPECT_TRUE(says(network, "Department of Justice, Hong Kong"));
  EXPECT_TRUE(says(network, "evidence E-0002"));
  EXPECT_FALSE(says(network, "5.6.7.8")) << "another provider's affair";
  EXPECT_TRUE(says(letters.at("network-as64501"), "Ministry of Justice, China"));
  const std::string& mail = letters.at("mail-proton");
  EXPECT_TRUE(says(mail, "dog2398@protonmail.com and mouse63209@protonmail.com"));
  EXPECT_TRUE(says(mail, "Federal Office of Justice, Switzerland"));
  EXPECT_TRUE(says(mail, "renew by 2023-02-09"));
  EXPECT_TRUE(says(mail, "check before use"));
  EXPECT_FALSE(says(mail, "1.2.3.4"));
  EXPECT_TRUE(letters.contains("registry"));
  EXPECT_TRUE(letters.contains("cert"));
  for (const char* office : {"Indian Cyber Crime Coordination Centre", "National Informatics Centre", "NCIIPC"})
    EXPECT_TRUE(says(letters.at("police"), office)) << office;
}

TEST(Questions, are_gone_with_the_input_they_stand_on) {
  facts::CaseFacts no_addresses = real_case();
  no_addresses.addresses.clear();
  auto letters = letters_of(no_addresses);
  EXPECT_FALSE(says(letters.at("police"), k_six[0]));
  EXPECT_FALSE(says(letters.at("police"), k_six[1]));
  EXPECT_TRUE(says(letters.at("police"), k_six[2]));
  EXPECT_FALSE(letters.contains("registry"));

  facts::CaseFacts no_accounts = real_case();
  no_accounts.contacts.clear();
  letters = letters_of(no_accounts);
  EXPECT_FALSE(says(letters.at("police"), k_six[2]));
  EXPECT_FALSE(says(letters.at("police"), k_six[3]));
  EXPECT_FALSE(letters.contains("mail-proton"));

  facts::CaseFacts no_times = real_case();
  no_times.moments.clear();
  letters = letters_of(no_times);
  EXPECT_TRUE(says(letters.at("mail-proton"), "From (UTC): ________"));
  EXPECT_TRUE(says(letters.at("mail-proton"), "when the encryption began and ended is unknown"));

  EXPECT_TRUE(letters_of(facts::CaseFacts{}).empty());
}

TEST(Questions, of_contradicting_sources_each_keep_their_own_span_of_time) {
  facts::CaseFacts facts = real_case();
  facts.moments[1].at_ns += 1;  // a fraction of a second: the last second belongs to the span
  facts::MomentFacts copied = facts.moments[0];
  copied.at_ns = at("2026-11-26T17:51:39Z");
  copied.sentence = "file times: change: 412 files";
  facts.moments.push_back(copied);
  copied.name = "last encryption";
  facts.moments.push_back(copied);
  const std::string mail = letters_of(facts).at("mail-proton");
  EXPECT_TRUE(says(mail, "until: 2022-11-23 02:10:01 UTC")) << mail;
  EXPECT_TRUE(says(mail, "from: 2026-11-26 17:51:39 UTC")) << "the other source is shown, too";
  EXPECT_TRUE(says(mail, "until: 2022-11-24 02:10:01 UTC")) << "the attack goes by one of them, not from 2022 to 2026";
  EXPECT_TRUE(says(mail, "the sources contradict each other"));
  EXPECT_FALSE(says(letters_of(real_case()).at("mail-proton"), "contradict"));
}

TEST(Questions, say_that_sources_contradict_each_other_and_by_how_much) {
  facts::CaseFacts facts = real_case();
  facts.timeline.contradictions = {{.sentence = "two logs tell of the rename to 'x' at 01:30 and at 07:00",
                                    .gap_ns = 19'800'000'000'001,
                                    .one = {.evidence = "/logs/a", .offset_bytes = 7, .parser = {}},
                                    .other = {.evidence = "/logs/b", .offset_bytes = 8, .parser = {}}}};
  const std::string mail = letters_of(facts).at("mail-proton");
  EXPECT_TRUE(says(mail, "contradict each other about these times, by up to 5 h 31 min"));
  const std::size_t own = mail.find("do not send");
  EXPECT_GT(mail.find("two logs tell of the rename"), own) << "names of files are not the provider's business";
  EXPECT_TRUE(says(mail, "/logs/a byte 7 and /logs/b byte 8"));
  EXPECT_EQ(words_of_gap(47LL * 3600 * 1'000'000'000), "47 h");
  EXPECT_EQ(words_of_gap(49LL * 3600 * 1'000'000'000), "3 days");
  EXPECT_EQ(words_of_gap(1), "1 min");
}

TEST(Questions, go_to_the_country_of_the_network_and_not_of_its_block) {
  const os::testing::ScratchFolder scratch;
  network::testing::make_data(scratch.path(), "SC");
  const auto opened = network::open_address_data(scratch.path());
  ASSERT_TRUE(opened.ok());
  const Packs packs = plan_questions(real_case(), directory(), &opened.value(), {});
  for (const Pack& pack : packs.packs) {
    if (pack.id != "network-as64500") continue;
    EXPECT_EQ(pack.country, "HK");
    EXPECT_EQ(pack.path.back().who, "Department of Justice, Hong Kong");
    ASSERT_FALSE(pack.remarks.empty());
    EXPECT_TRUE(says(pack.remarks[0],
                     "the network is registered in HK (Hong Kong), the holder of the block of 1.2.3.4 "
                     "in SC (Seychelles)"))
        << pack.remarks[0];
    return;
  }
  FAIL() << "no letter to the network";
}

TEST(Questions, keep_what_is_the_officers_own_behind_the_signature) {
  const std::string mail = letters_of(real_case()).at("mail-proton");
  const std::size_t signature = mail.find("Signature and seal");
  ASSERT_NE(signature, std::string::npos);
  for (const char* own :
       {"do not send", "renew by", "Who may ask", "The way of the request", "What cannot be had there"})
    EXPECT_GT(mail.find(own), signature) << own;
  EXPECT_LT(mail.find("Preservation is asked for at once"), signature);
  facts::CaseFacts facts = real_case();
  facts.evidence.clear();
  for (const auto& [id, letter] : letters_of(facts))
    EXPECT_EQ(letter.substr(0, letter.find("Signature and seal")).find("lastgood evidence"), std::string::npos) << id;
}

TEST(Questions, ask_for_the_public_address_where_only_a_private_one_was_seen) {
  facts::CaseFacts facts = real_case();
  EXPECT_TRUE(says(letters_of(facts).at("network-as64500"), "Public address of the organisation's network"));
  for (facts::Observation& seen : facts.addresses[0].observations) seen.own_address = "193.0.6.139";
  EXPECT_FALSE(says(letters_of(facts).at("network-as64500"), "Public address of the organisation's network"));
}

TEST(Questions, are_not_asked_about_what_nothing_ties_to_the_attack) {
  facts::CaseFacts facts = real_case();
  facts.addresses[1].links.clear();
  auto letters = letters_of(facts);
  EXPECT_FALSE(letters.contains("network-as64501"));
  EXPECT_TRUE(says(letters.at("police"), "5.6.7.8: seen, and nothing ties it to the attack"));
  QuestionRequest request;
  request.named = {"5.6.7.8"};
  EXPECT_TRUE(letters_of(facts, documents::Form::text, request).contains("network-as64501"));
  request = {};
  request.ask = QuestionRequest::Ask::all;
  EXPECT_TRUE(letters_of(facts, documents::Form::text, request).contains("network-as64501"));
}

TEST(Questions, leave_out_what_chance_makes_of_encrypted_bytes) {
  facts::CaseFacts facts = real_case();
  facts::ContactFacts chance = account("c.ve", 26276);
  chance.kind = "domain";
  chance.encrypted_files = 1;
  chance.links[0].rule = "link.encrypted_file";
  facts.contacts.push_back(chance);
  const auto letters = letters_of(facts);
  EXPECT_FALSE(says(letters.at("cert"), "c.ve"));
  EXPECT_TRUE(says(letters.at("police"), "c.ve: only its shape speaks for it"));
}

TEST(Questions, fill_in_what_a_person_said_of_the_case_and_leave_lines_for_the_rest) {
  facts::CaseFacts facts = real_case();
  EXPECT_TRUE(says(letters_of(facts).at("police"), "Case number (FIR): ________"));
  facts.about.case_number = "FIR 349/2022";
  facts.about.offences = "IT Act 66, 66F; IPC 385";
  facts.about.zone = "+01:00";
  const auto letters = letters_of(facts);
  EXPECT_TRUE(says(letters.at("police"), "Case number (FIR): FIR 349/2022"));
  EXPECT_TRUE(says(letters.at("mail-proton"), "National Investigation Agency")) << "66F is named";
  EXPECT_TRUE(says(letters.at("network-as64500"), "22:10:00 +01:00"));
}

TEST(Questions, ask_an_unknown_provider_by_its_domain) {
  facts::CaseFacts facts = real_case();
  facts.contacts = {account("fox@mail.cock.example", 1), account("notproton.me@evil-proton.me", 2),
                    account("x@sub.proton.me", 3)};
  const auto letters = letters_of(facts);
  EXPECT_TRUE(says(letters.at("mail-mail-cock-example"), "the provider of the mail domain: mail.cock.example"));
  EXPECT_TRUE(letters.contains("mail-evil-proton-me")) << "a name that only ends alike";
  EXPECT_TRUE(says(letters.at("mail-proton"), "x@sub.proton.me"));
  EXPECT_TRUE(says(letters.at("mail-proton"), "been used: when was it registered")) << "one account, not many";
  EXPECT_TRUE(says(letters.at("mail-mail-cock-example"), "Country of the recipient: ________"));

  facts.contacts = {account("x@rediffmail.com", 1)};
  const std::string home = letters_of(facts).at("mail-rediff");
  EXPECT_FALSE(says(home, "Interpol")) << "a provider in India is asked by the police itself";
  EXPECT_TRUE(says(home, "sends requests to providers in India itself"));
}

TEST(Questions, quote_hostile_values_in_every_form) {
  facts::CaseFacts facts = real_case();
  const std::string hostile = "\"><script>the attacker is in Rome\x01\xff</w:t>@../../etc/x";
  facts.contacts.push_back(account(hostile, 1));
  facts.hosts[0].name = "traced to <b>";
  facts.about.police = "the perpetrator's own";
  facts.addresses[0].observations[0].what = "originates from";
  facts.moments[0].sentence = "the culprit";
  for (const documents::Form form : {documents::Form::odt, documents::Form::docx, documents::Form::pdf,
                                     documents::Form::text, documents::Form::html}) {
    const auto letters = letters_of(facts, form);
    EXPECT_GE(letters.size(), 8U);
    for (const auto& [id, text] : letters) {
      EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"), std::string::npos) << id;
      EXPECT_FALSE(form == documents::Form::html && says(text, "<script>"));
    }
  }
}

TEST(Questions, hold_times_at_the_ends_of_what_can_be_said) {
  facts::CaseFacts facts = real_case();
  facts.moments[0].at_ns = INT64_MIN;
  facts.moments[1].at_ns = INT64_MAX;
  facts.addresses[0].observations[0].at_ns = INT64_MIN;
  facts.addresses[0].observations[1].at_ns = INT64_MAX;
  EXPECT_FALSE(letters_of(facts).empty());
}

TEST(Questions, limit_what_one_letter_names) {
  facts::CaseFacts facts = real_case();
  for (int i = 0; i < 1000; ++i) facts.contacts.push_back(account("a" + std::to_string(i) + "@proton.me", 1));
  const auto letters = letters_of(facts);
  EXPECT_TRUE(says(letters.at("mail-proton"), "802 accounts and other marks are left out of this letter"));
}

TEST(Questions, are_the_same_letters_for_the_same_facts) {
  EXPECT_EQ(letters_of(real_case()), letters_of(real_case()));
}

TEST(Directory, names_source_and_day_of_every_statement) {
  EXPECT_GE(directory().providers.size(), 9U);
  EXPECT_GE(directory().agencies.size(), 11U);
  for (const Provider& provider : directory().providers) {
    EXPECT_TRUE(provider.authority.empty() || directory().agency(provider.authority) != nullptr) << provider.id;
    EXPECT_FALSE(provider.how_to_ask.empty()) << provider.id;
    for (const auto* list : {&provider.who_may_ask, &provider.held, &provider.not_held, &provider.how_to_ask}) {
      for (const Said& said : *list) {
        EXPECT_TRUE(documents::find_banned_words(said.text).empty()) << said.text;
        EXPECT_TRUE(said.source != "general knowledge" || said.check_first) << said.text;
      }
    }
  }
}

TEST(Directory, refuses_files_that_are_not_as_they_must_be) {
  for (const char* text :
       {"", "[]", "{", "{\"id\":\"x\"}", "{\"id\":1,\"name\":\"n\",\"kind\":\"mail\"}",
        "{\"id\":\"x\",\"name\":\"n\",\"kind\":\"mail\",\"held\":[{\"text\":\"t\"}],\"preservation_source\":{}}",
        "{\"id\":\"x\",\"name\":\"n\",\"kind\":\"mail\",\"preservation_days\":-1,\"preservation_source\":{\"text\":"
        "\"t\",\"source\":\"s\",\"as_of\":\"2022-11-23\"}}",
        "{\"id\":\"x\",\"name\":\"n\",\"kind\":\"mail\",\"preservation_source\":{\"text\":\"t\",\"source\":\"s\",\"as_"
        "of\":\"soon\"}}"}) {
    EXPECT_FALSE(parse_provider(base::ByteView(std::string_view(text))).ok()) << text;
    EXPECT_FALSE(parse_agency(base::ByteView(std::string_view(text))).ok()) << text;
  }
}

TEST(Directory, refuses_a_misspelt_member_that_would_take_a_warning_away) {
  const auto agency = [](const std::string& said, const char* kind = "cert") {
    return parse_agency(base::ByteView(std::string_view(fmt::format(
        R"({{"id":"x","name":"n","kind":"{}","step":"s","role":[{{"text":"t","source":"s","as_of":"2022-11-23"{}}}]}})",
        kind, said))));
  };
  ASSERT_TRUE(agency(",\"check\":true").ok());
  EXPECT_TRUE(agency(",\"check\":true").value().role.at(0).check_first);
  EXPECT_FALSE(agency(",\"chek\":true").ok());
  EXPECT_FALSE(agency(",\"check\":\"yes\"").ok());
  EXPECT_FALSE(agency("", "crt").ok());
}

}  // namespace lastgood::questions
