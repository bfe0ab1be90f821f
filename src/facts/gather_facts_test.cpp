// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that each statement about the attack stands on something in the case, says how it is tied to the attack, and
// is gone when what it stood on is gone.
#include "facts/case_facts.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "casefile/testing/memory_case_store.h"
#include "exposure/exposure_results.h"
#include "facts/contact_book.h"
#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "timeline/live_scans.h"

namespace lastgood::facts {

namespace {

using model::Verdict;

constexpr std::int64_t k_attack_ns = 1'669'167'420'000'000'000;  // 2022-11-23T01:37:00Z

model::FileRecord file_at(const std::string& path, Verdict verdict) {
  model::FileRecord file;
  file.path = path;
  file.size_bytes = 1000;
  file.verdict = verdict;
  file.mtime_ns = k_attack_ns;
  file.ctime_ns = k_attack_ns;
  return file;
}

model::MailRecord ransom_mail(const std::string& from) {
  model::MailRecord mail;
  mail.path = "/ev/ransom.eml";
  mail.sha256 = std::string(64, 'm');
  mail.from = from;
  mail.hops = {{.offset_bytes = 40,
                .helo = "evil",
                .rdns = {},
                .ip = "193.0.6.139",
                .port = "4711",
                .by = "mx.hospital.example",
                .with = {},
                .id = {},
                .date_text = {},
                .date_ns = k_attack_ns,
                .trust = "semi_trusted"},
               {.offset_bytes = 140,
                .helo = {},
                .rdns = {},
                .ip = "192.88.99.1",
                .port = {},
                .by = {},
                .with = {},
                .id = {},
                .date_text = {},
                .date_ns = std::nullopt,
                .trust = "claim"},
               {.offset_bytes = 240,
                .helo = {},
                .rdns = {},
                .ip = "10.0.0.9",
                .port = {},
                .by = {},
                .with = {},
                .id = {},
                .date_text = {},
                .date_ns = std::nullopt,
                .trust = "claim"}};
  mail.boundary = model::MailBoundary{.hop = 0, .ip = "193.0.6.139", .level = "fact", .reason = "own relay"};
  return mail;
}

class GatherFacts : public ::testing::Test {
 protected:
  GatherFacts() : case_folder_(folder_ / "aiims.case") {
    std::filesystem::create_directory(case_folder_);
    auto made = ledger::create_ledger(case_folder_);
    EXPECT_TRUE(made.ok());
    ledger_ = std::move(made).value();
  }

  /// A scan with an encrypted file, a note and a whole file, whose header and note name two accounts.
  void scan() {
    model::Scan scan;
    scan.host = "hims1";
    scan.roots = {"/srv"};
    const std::int64_t id = store_.begin_scan(scan).value();
    const auto sighting = [](const std::string& kind, const std::string& value, const std::string& path) {
      return model::Sighting{.kind = kind, .value = value, .level = "shape", .path = path, .offset_bytes = 8};
    };
    ASSERT_TRUE(store_
                    .record_files(id,
                                  std::vector{file_at("/srv/a.docx.bak9", Verdict::encrypted),
                                              file_at("/srv/README.txt", Verdict::note),
                                              file_at("/srv/whole.pdf", Verdict::intact)},
                                  std::vector{sighting("email", "dog2398@mail.example", "/srv/a.docx.bak9"),
                                              sighting("email", "mouse63209@mail.example", "/srv/README.txt"),
                                              sighting("email", "vendor@shop.example", "/srv/whole.pdf")})
                    .ok());
    model::Campaign campaign;
    campaign.extension = ".bak9";
    campaign.certainty = model::Certainty::proven;
    campaign.contacts = {"email:dog2398@mail.example"};
    campaign.file_count = 1;
    campaign.first_change_ns = k_attack_ns;
    campaign.last_change_ns = k_attack_ns + 1;
    ASSERT_TRUE(store_.record_campaigns(id, std::vector{campaign}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }

  CaseFacts facts() {
    auto gathered = gather_facts(case_folder_, store_);
    EXPECT_TRUE(gathered.ok()) << (gathered.ok() ? "" : gathered.error().what);
    return gathered.ok() ? std::move(gathered).value() : CaseFacts{};
  }
  static const ContactFacts* contact(const CaseFacts& facts, const std::string& value) {
    const auto found = std::find_if(facts.contacts.begin(), facts.contacts.end(),
                                    [&](const ContactFacts& contact) { return contact.value == value; });
    return found == facts.contacts.end() ? nullptr : &*found;
  }
  static const AddressFacts* address(const CaseFacts& facts, const std::string& text) {
    const auto found = std::find_if(facts.addresses.begin(), facts.addresses.end(),
                                    [&](const AddressFacts& address) { return address.address == text; });
    return found == facts.addresses.end() ? nullptr : &*found;
  }

  os::testing::ScratchFolder folder_;
  std::string case_folder_;
  std::unique_ptr<ledger::Ledger> ledger_;
  casefile::testing::MemoryCaseStore store_;
};

TEST_F(GatherFacts, an_empty_case_states_nothing) {
  const CaseFacts empty = facts();
  EXPECT_EQ(empty.case_name, "aiims");
  EXPECT_EQ(empty.case_id.size(), 32U);
  EXPECT_TRUE(empty.hosts.empty() && empty.contacts.empty() && empty.addresses.empty() && empty.moments.empty() &&
              empty.aware.empty() && empty.evidence.empty());
}

TEST_F(GatherFacts, what_was_struck_does_not_shrink_when_good_files_are_back_and_scanned_again) {
  const auto add = [&](std::uint64_t hit, const std::string& root) {
    const std::int64_t id = store_.begin_scan({.host = "db1", .roots = {root}}).value();
    model::ScanCounts counts{.files = 100};
    counts.files_by_verdict.at(static_cast<std::size_t>(model::Verdict::encrypted)) = hit;
    EXPECT_TRUE(store_.finish_scan(id, 1, counts).ok());
    return id;
  };
  const auto told = [&](timeline::LiveScans which) {
    std::vector<std::int64_t> ids;
    const auto scans = timeline::find_live_scans(store_, which);
    for (const timeline::LiveScan& live : scans.value()) ids.push_back(live.scan.id);
    return ids;
  };
  add(80, "/srv");
  const std::int64_t deeper = add(78, "/srv");
  const std::int64_t after_restore = add(0, "/srv");
  const std::int64_t other = add(0, "/home");
  EXPECT_EQ(told(timeline::LiveScans::as_struck), (std::vector<std::int64_t>{deeper, other}));
  EXPECT_EQ(told(timeline::LiveScans::newest), (std::vector<std::int64_t>{after_restore, other}));
}

TEST_F(GatherFacts, contacts_are_tied_to_the_attack_by_where_they_stand) {
  scan();
  const CaseFacts known = facts();
  ASSERT_EQ(known.hosts.size(), 1U);
  EXPECT_EQ(known.hosts[0].hit_files, 1U);
  EXPECT_EQ(known.hosts[0].notes, 1U);
  const ContactFacts* dog = contact(known, "dog2398@mail.example");
  ASSERT_NE(dog, nullptr);
  EXPECT_EQ(dog->encrypted_files, 1U);
  ASSERT_FALSE(dog->links.empty());
  EXPECT_EQ(dog->links[0].certainty, model::Certainty::proven) << "the campaign's";
  EXPECT_EQ(contact(known, "mouse63209@mail.example")->notes, 1U);
  EXPECT_TRUE(contact(known, "vendor@shop.example")->links.empty()) << "in a whole file: found, and no more";
  EXPECT_EQ(known.contacts.back().value, "vendor@shop.example") << "tied ones come first";
  ASSERT_EQ(known.moments.size(), 2U);
  EXPECT_EQ(known.moments[0].basis, model::TimeBasis::file_time);
  EXPECT_EQ(known.moments[0].certainty, model::Certainty::weak) << "whoever writes a file can set its times";
}

TEST_F(GatherFacts, the_border_of_the_attackers_mail_is_a_fact_and_what_lies_below_a_claim) {
  scan();
  ASSERT_TRUE(store_.investigation().record_mails(std::vector{ransom_mail("Dog <DOG2398@mail.example>")}).ok());
  const CaseFacts known = facts();
  const AddressFacts* border = address(known, "193.0.6.139");
  ASSERT_NE(border, nullptr);
  EXPECT_EQ(border->standing, Standing::fact);
  ASSERT_EQ(border->observations.size(), 1U);
  EXPECT_EQ(border->observations[0].at_ns, k_attack_ns);
  EXPECT_EQ(border->observations[0].port, 4711);
  ASSERT_FALSE(border->links.empty());
  EXPECT_EQ(border->links[0].rule, "link.mail.border");
  const AddressFacts* below = address(known, "192.88.99.1");
  ASSERT_NE(below, nullptr);
  EXPECT_EQ(below->standing, Standing::claim);
  EXPECT_TRUE(below->links.empty()) << "anybody can have made it up";
  EXPECT_EQ(address(known, "10.0.0.9"), nullptr) << "no provider can be asked about it";
  EXPECT_EQ(contact(known, "dog2398@mail.example")->mails, 1U);
  const Place& place = border->observations.at(0).place;
  EXPECT_EQ(place.sha256, "") << "a mail's digest is not that of the mailbox it lies in";
  EXPECT_EQ(digest_words(place), ", SHA-256 of the mail " + std::string(64, 'm'));
}

TEST_F(GatherFacts, a_mail_from_somebody_else_ties_nothing_to_the_attack) {
  ASSERT_TRUE(store_.investigation().record_mails(std::vector{ransom_mail("someone@else.example")}).ok());
  const CaseFacts known = facts();
  ASSERT_NE(address(known, "193.0.6.139"), nullptr);
  EXPECT_TRUE(address(known, "193.0.6.139")->links.empty());
}

TEST_F(GatherFacts, what_a_search_found_is_kept_apart_from_the_organisations_own) {
  scan();
  const auto value = [](const std::string& kind, const std::string& text, const std::string& apart) {
    model::FoundValue found;
    found.kind = kind;
    found.value = text;
    found.level = "checksum";
    found.offset_bytes = 8;
    found.apart = apart;
    return found;
  };
  model::SearchedFile note{.path = "/srv/README.txt", .size_bytes = 1, .sha256 = "ff", .searched_ns = 0, .values = {}};
  note.values = {value("email", "desk@hospital.example", "own"), value("ipv4", "193.0.6.139", ""),
                 value("ipv4", "193.0.6.0/24", ""), value("email", "mouse63209@mail.example", "")};
  ASSERT_TRUE(store_.investigation().record_searched(std::vector{note}).ok());
  const CaseFacts known = facts();
  EXPECT_EQ(contact(known, "desk@hospital.example"), nullptr);
  ASSERT_NE(address(known, "193.0.6.139"), nullptr);
  EXPECT_EQ(address(known, "193.0.6.139")->standing, Standing::claim) << "somebody wrote it, nobody saw it";
  EXPECT_EQ(address(known, "193.0.6.139")->links[0].rule, "link.note");
  EXPECT_EQ(known.addresses.size(), 1U) << "a block is no address";
  const ContactFacts* mouse = contact(known, "mouse63209@mail.example");
  EXPECT_EQ(mouse->notes, 1U) << "scan and search saw the same place";
  EXPECT_EQ(mouse->places.at(0).sha256, "ff");
}

TEST_F(GatherFacts, a_file_that_scan_and_search_both_saw_counts_once) {
  scan();
  std::vector<model::SearchedFile> files;
  model::FoundValue found;
  found.kind = "email";
  found.value = "dog2398@mail.example";
  found.level = "shape";
  found.offset_bytes = 8;
  files.push_back({.path = "/srv/a.docx.bak9", .size_bytes = 1, .sha256 = "ff", .searched_ns = 0, .values = {found}});
  ASSERT_TRUE(store_.investigation().record_searched(files).ok());
  EXPECT_EQ(contact(facts(), "dog2398@mail.example")->encrypted_files, 1U);
}

TEST_F(GatherFacts, awareness_is_what_the_ledger_says) {
  ASSERT_TRUE(
      ledger_->append(k_kind_aware, {{"at", "2022-11-23T07:07:00+05:30"}, {"by", "Dr Rao"}, {"text", "seen"}}).ok());
  const CaseFacts known = facts();
  ASSERT_EQ(known.aware.size(), 1U);
  EXPECT_EQ(known.aware[0].at_ns, k_attack_ns);
  EXPECT_EQ(known.aware[0].by, "Dr Rao");
  EXPECT_EQ(known.aware[0].ledger_entry, 2U);
}

TEST_F(GatherFacts, persons_counted_in_an_older_copy_are_as_of_then_and_final_no_more_when_newer_data_came_back) {
  exposure::ExposureResults results;
  for (std::size_t i = 0; i < exposure::k_bases; ++i) results.bases.at(i).basis = static_cast<exposure::Basis>(i);
  results.bases[0].standing = exposure::Standing::final;
  results.bases[0].lower = results.bases[0].upper = 2048;
  results.bases[0].reason = "counted in 9 files with tables";
  results.units = {{.path = "/backup/pg", .kind = "postgresql", .as_of_ns = k_attack_ns - 3'600'000'000'000}};
  ASSERT_TRUE(exposure::write_results(case_folder_, results).ok());
  const auto held = [&] { return facts().exposure.persons.at(0); };
  EXPECT_TRUE(held().is_final);
  EXPECT_EQ(held().sentence, "counted in 9 files with tables; '/backup/pg' as of 2022-11-23 00:37:00 UTC");
  const auto replay = [&](const std::string& folder, const std::string& kind) {
    ASSERT_TRUE(ledger_->append("replay-begun", {{"folder", folder}, {"kind", kind}}).ok());
    ASSERT_TRUE(
        ledger_->append("replay-done", {{"folder", folder}, {"as_of_after", std::string("2022-11-23T01:36:58Z")}})
            .ok());
  };
  replay("/srv/lis", "mariadb");
  EXPECT_TRUE(held().is_final) << "of another kind";
  replay("/srv/pg", "postgresql");
  EXPECT_FALSE(held().is_final);
  EXPECT_EQ(held().at_least, 2048U);
  EXPECT_EQ(held().at_most, std::nullopt);
  EXPECT_NE(held().sentence.find("'/srv/pg' was brought forward to 2022-11-23 01:36:58 UTC: count that too"),
            std::string::npos)
      << held().sentence;
  results.units = {{.path = "/srv/pg", .kind = "postgresql", .as_of_ns = k_attack_ns - 2'000'000'000}};
  ASSERT_TRUE(exposure::write_results(case_folder_, results).ok());
  EXPECT_TRUE(held().is_final) << "the one that came back was counted";
}

TEST_F(GatherFacts, a_broken_ledger_proves_nothing) {
  std::ofstream(case_folder_ + "/ledger", std::ios::app)
      << "{\"sequence\":2,\"sha256\":\"" << std::string(64, '0') << "\"}\n";
  const auto gathered = gather_facts(case_folder_, store_);
  ASSERT_FALSE(gathered.ok());
  EXPECT_EQ(gathered.error().code, base::ErrorCode::damaged_container);
}

TEST(SenderAddress, is_what_stands_between_the_brackets_or_around_the_at_sign) {
  EXPECT_EQ(sender_address("Dog <Dog@Mail.Example>"), "dog@mail.example");
  EXPECT_EQ(sender_address("\"a@b\" <c@d.example>"), "c@d.example");
  EXPECT_EQ(sender_address("c@d.example (Comment)"), "c@d.example");
  EXPECT_EQ(sender_address("nobody"), "");
  EXPECT_EQ(sender_address(""), "");
}

TEST(ContactBook, keeps_the_earliest_observations_and_counts_all) {
  AddressFacts address;
  for (std::int64_t i = 200; i > 0; --i) {
    Observation seen;
    if (i % 2 == 0) seen.at_ns = i;
    ContactBook::observe(address, seen);
  }
  EXPECT_EQ(address.times, 200U);
  ASSERT_EQ(address.observations.size(), CaseFacts::k_observations_max);
  EXPECT_EQ(address.observations.front().at_ns, 2);
  EXPECT_EQ(address.observations.back().at_ns, 128);
}

}  // namespace

}  // namespace lastgood::facts
