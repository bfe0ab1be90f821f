// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/testing/made_case.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>

#include <fmt/format.h>

namespace lastgood::exports::testing {

namespace {

using model::Certainty;

constexpr std::int64_t k_attack_ns = 1'669'167'420'000'000'000;  // 2022-11-23T01:37:00Z
constexpr std::array<std::string_view, 26> k_kinds = {
    "email",   "jabber",   "onion",     "url", "domain", "ipv4",  "ipv6",          "hash", "tox",
    "session", "telegram", "victim_id", "btc", "ltc",    "doge",  "dash",          "zec",  "bch",
    "trx",     "xrp",      "xmr",       "eth", "email",  "email", "something_new", "url"};

class Maker {
 public:
  explicit Maker(std::uint64_t seed) : random_(seed) {}

  std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : random_() % limit; }
  bool chance(unsigned percent) { return below(100) < percent; }
  std::string digits(std::size_t count, std::string_view alphabet) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += alphabet[below(alphabet.size())];
    return out;
  }
  std::string hex(std::size_t count) { return digits(count, "0123456789abcdef"); }
  std::string word() { return digits(1 + below(12), "abcdefghijklmnopqrstuvwxyz0123456789"); }
  /// What a hostile file may hold: quotes, brackets, formulas, controls, broken UTF-8, other scripts, long runs.
  std::string odd() {
    static const std::array<std::string, 16> texts = {"'; DROP TABLE x; --",
                                                      "=cmd|' /C calc'!A0",
                                                      "@SUM(1+1)",
                                                      "a\"b\\c'd",
                                                      "[file:name = 'x']",
                                                      "\xff\xfe\x80",
                                                      "\r\n\t",
                                                      "\xe2\x80\xae"
                                                      "gpj.exe",
                                                      "\xe0\xa4\x85\xe0\xa4\x96\xe0\xa4\xbf\xe0\xa4\xb2",
                                                      "</script>",
                                                      "{\"type\":\"bundle\"}",
                                                      std::string("a\0b", 3),
                                                      "",
                                                      "-1+2",
                                                      "https://",
                                                      "..."};
    if (chance(5)) return std::string(5000, 'A');
    return texts.at(below(texts.size()));
  }
  std::string value(std::string_view kind) {
    if (chance(15)) return odd() + (chance(50) ? word() : "");
    if (kind == "email") return word() + "@" + word() + ".example";
    if (kind == "jabber") return word() + "@" + word() + ".example";
    if (kind == "onion") return digits(56, "abcdefghijklmnopqrstuvwxyz234567") + ".onion";
    if (kind == "url") return "https://" + word() + ".example/" + word() + "?q=%20'" + word();
    if (kind == "domain") return chance(10) ? "10.1.2.3" : word() + "." + word() + ".example";
    if (kind == "ipv4") return address(false);
    if (kind == "ipv6") return address(true);
    if (kind == "hash") return hex(std::array<std::size_t, 5>{32, 40, 64, 128, 31}.at(below(5)));
    if (kind == "eth") return "0x" + hex(40);
    if (kind == "tox") return hex(76);
    if (kind == "session") return "05" + hex(64);
    return digits(34, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz");
  }
  std::string address(bool is_v6) {
    if (!is_v6) return fmt::format("{}.{}.{}.{}", 1 + below(223), below(256), below(256), below(256));
    return fmt::format("2001:db8:{:x}::{:x}", below(65536), 1 + below(65535));
  }
  Certainty certainty() { return std::array{Certainty::weak, Certainty::strong, Certainty::proven}.at(below(3)); }
  std::int64_t time() {
    if (chance(3)) return std::array<std::int64_t, 3>{INT64_MIN, INT64_MAX, 0}.at(below(3));
    return k_attack_ns + static_cast<std::int64_t>(below(86'400)) * 1'000'000'123;
  }
  facts::Place place() {
    facts::Place place;
    if (chance(10)) return place;
    place.path = "/srv/" + word() + "/" + (chance(20) ? odd() : word()) + ".bak9";
    place.offset_bytes = below(1U << 20U);
    if (chance(40)) place.sha256 = hex(64);
    if (chance(40)) place.evidence_id = fmt::format("E-{:04}", 1 + below(20));
    return place;
  }
  std::vector<facts::Link> links() {
    std::vector<facts::Link> out;
    const std::uint64_t count = chance(30) ? 0 : 1 + below(3);
    static const std::array<std::string, 5> rules = {"link.note", "link.encrypted_file", "link.campaign",
                                                     "link.mail.border", "link.login"};
    for (std::uint64_t i = 0; i < count; ++i)
      out.push_back({.certainty = certainty(),
                     .rule = rules.at((i + below(2)) % rules.size()),
                     .sentence = chance(10) ? odd() : "stands in '/srv/secret' on 'hims1'",
                     .place = place()});
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.certainty > b.certainty; });
    return out;
  }
  facts::Observation observation() {
    facts::Observation seen;
    if (chance(60)) seen.at_ns = time();
    seen.basis = static_cast<model::TimeBasis>(below(model::k_time_basis_count));
    seen.standing = chance(50) ? facts::Standing::fact : facts::Standing::claim;
    seen.what = chance(10) ? odd() : "handed over a mail";
    seen.port = static_cast<std::uint16_t>(chance(50) ? below(65536) : 0);
    seen.own_host = "hims1";
    seen.place = place();
    return seen;
  }
  facts::ContactFacts contact() {
    facts::ContactFacts out;
    out.kind = k_kinds.at(below(k_kinds.size()));
    out.value = value(out.kind);
    out.level = "shape";
    out.encrypted_files = chance(50) ? below(3'000'000'000) : 0;
    out.notes = below(10);
    out.mails = chance(30) ? below(5) : 0;
    out.links = links();
    for (std::uint64_t i = below(5); i > 0; --i) out.places.push_back(place());
    return out;
  }
  facts::AddressFacts address_facts() {
    facts::AddressFacts out;
    out.address = address(chance(30));
    out.links = links();
    for (std::uint64_t i = below(6); i > 0; --i) out.observations.push_back(observation());
    for (const auto& seen : out.observations)
      if (seen.standing == facts::Standing::fact) out.standing = facts::Standing::fact;
    out.times = out.observations.size();
    out.bytes_out = chance(20) ? below(UINT64_C(1) << 40U) : 0;
    return out;
  }
  facts::CampaignFacts campaign() {
    facts::CampaignFacts out;
    out.host = "hims1";
    out.campaign.certainty = certainty();
    out.campaign.extension = chance(20) ? odd() : "." + word();
    out.campaign.family = chance(30) ? word() : "";
    out.campaign.file_count = below(100'000);
    for (std::uint64_t i = below(4); i > 0; --i)
      out.campaign.notes.push_back("/srv/" + word() + "/" + (chance(20) ? odd() : "READ_ME.txt"));
    out.campaign.reasons.push_back({.rule = "campaign.name", .sentence = "20 files on 'hims1' got it"});
    return out;
  }
  model::MailRecord mail(const facts::Place& at, const std::string& from) {
    model::MailRecord out;
    out.from = from;
    out.path = at.path;
    out.begin_bytes = at.offset_bytes;
    out.sha256 = at.sha256;
    out.subject = chance(20) ? odd() : "your files";
    out.message_id = chance(50) ? "<" + word() + "@" + word() + ">" : "";
    model::MailHop hop;
    hop.ip = address(false);
    if (chance(70)) hop.date_ns = time();
    out.hops.push_back(hop);
    if (chance(70))
      out.boundary = model::MailBoundary{
          .hop = below(2), .ip = hop.ip, .level = chance(60) ? "fact" : "claim", .reason = "own relay"};
    return out;
  }

 private:
  std::mt19937_64 random_;
};

void add_hosts(Maker& maker, facts::CaseFacts& facts) {
  for (std::uint64_t i = maker.below(4); i > 0; --i) {
    facts::HostFacts host;
    host.name = fmt::format("hims{}", i);
    host.roots = {"/srv"};
    host.files = maker.below(1'000'000);
    host.hit_files = maker.chance(70) ? maker.below(host.files + 1) : 0;
    host.hit_bytes = host.hit_files * 1000;
    host.unreadable = maker.below(3);
    host.finished = maker.chance(80);
    facts.hosts.push_back(host);
  }
}

void add_moments(Maker& maker, facts::CaseFacts& facts) {
  for (std::uint64_t i = maker.below(5); i > 0; --i) {
    facts::MomentFacts moment;
    moment.name = maker.chance(10) ? maker.odd() : "first encryption";
    moment.at_ns = maker.time();
    moment.basis = static_cast<model::TimeBasis>(maker.below(model::k_time_basis_count));
    moment.certainty = maker.certainty();
    moment.sentence = "change times on 'hims1'";
    moment.place = maker.place();
    facts.moments.push_back(moment);
  }
  if (maker.chance(40))
    facts.aware.push_back({.at_ns = maker.time(), .by = "Dr Rao", .what = "seen", .ledger_entry = 7, .recorded = ""});
}

void add_exposure(Maker& maker, facts::CaseFacts& facts) {
  for (const std::string basis : {"held", "encrypted", "readable", "leaving"}) {
    if (maker.chance(50)) continue;
    facts::PersonsFacts persons;
    persons.basis = basis;
    if (maker.chance(70)) persons.at_least = maker.below(40'000'000);
    if (persons.at_least && maker.chance(70)) persons.at_most = *persons.at_least + maker.below(1000);
    persons.is_final = maker.chance(30);
    facts.exposure.persons.push_back(persons);
  }
  for (std::uint64_t i = maker.below(3); i > 0; --i)
    facts.families.push_back({.name = maker.chance(20) ? maker.odd() : maker.word(),
                              .certainty = maker.certainty(),
                              .basis = {maker.chance(20) ? maker.odd() : "the note's name"},
                              .table = "galaxy of 2026-11-26"});
}

}  // namespace

ExportInput make_case(std::uint64_t seed) {
  Maker maker(seed);
  ExportInput input;
  facts::CaseFacts& facts = input.facts;
  facts.case_id = maker.hex(32);
  facts.case_name = "made";
  if (maker.chance(70)) facts.about.organisation = maker.chance(20) ? maker.odd() : "District Hospital";
  if (maker.chance(50)) facts.about.sector = "hospital";
  if (maker.chance(50)) facts.about.own_domains = {"hospital.example"};
  add_hosts(maker, facts);
  add_moments(maker, facts);
  add_exposure(maker, facts);
  for (std::uint64_t i = maker.below(4); i > 0; --i) facts.campaigns.push_back(maker.campaign());
  for (std::uint64_t i = maker.below(15); i > 0; --i) facts.contacts.push_back(maker.contact());
  for (std::uint64_t i = maker.below(8); i > 0; --i) facts.addresses.push_back(maker.address_facts());
  for (const facts::ContactFacts& contact : facts.contacts) {
    if (contact.kind == "email" && contact.mails > 0 && !contact.links.empty() && !contact.places.empty())
      input.mails.push_back(maker.mail(contact.places.front(), contact.value));
    if (!facts.campaigns.empty() && maker.chance(30))
      facts.campaigns.front().campaign.contacts.push_back(contact.kind + ":" + contact.value);
  }
  input.times.created_ns = k_attack_ns + 3'600'000'000'000;
  input.times.changed_ns = input.times.created_ns + static_cast<std::int64_t>(maker.below(1'000'000'000'000'000));
  input.tlp = static_cast<Tlp>(maker.below(5));
  input.scope = maker.chance(40) ? Scope::all : Scope::tied;
  return input;
}

ExportInput make_bak9_case() {
  ExportInput input;
  facts::CaseFacts& facts = input.facts;
  facts.case_id = "00112233445566778899aabbccddeeff";
  facts.case_name = "aiims";
  facts.about.organisation = "District Hospital";
  facts.about.sector = "hospital";
  facts.about.contact = "Dr Rao, +91 11 0000 0000";
  facts.hosts = {{.name = "hims1", .roots = {"/srv"}, .files = 100, .bytes = 1000, .hit_files = 40, .hit_bytes = 400}};
  facts::CampaignFacts found;
  found.host = "hims1";
  found.campaign.certainty = Certainty::proven;
  found.campaign.extension = ".bak9";
  found.campaign.contacts = {"email:dog2398@mail.example", "email:mouse63209@mail.example"};
  found.campaign.notes = {"/srv/README.txt"};
  found.campaign.file_count = 40;
  facts.campaigns = {found};
  const facts::Place head{
      .path = "/srv/p/Asha Rao.docx.bak9", .offset_bytes = 8, .sha256 = {}, .evidence_id = "E-0001"};
  const facts::Place note{
      .path = "/srv/README.txt", .offset_bytes = 20, .sha256 = std::string(64, 'a'), .evidence_id = {}};
  const facts::Place mail{
      .path = "/ev/ransom.eml", .offset_bytes = 0, .sha256 = std::string(64, 'b'), .evidence_id = "E-0002"};
  const auto linked = [](std::string_view rule, const std::string& sentence, Certainty certainty,
                         const facts::Place& place) {
    return facts::Link{.certainty = certainty, .rule = std::string(rule), .sentence = sentence, .place = place};
  };
  facts::ContactFacts dog;
  dog.kind = "email";
  dog.value = "dog2398@mail.example";
  dog.level = "shape";
  dog.encrypted_files = 40;
  dog.mails = 1;
  dog.links = {
      linked("link.campaign", "is a contact of the campaign .bak9 on 'hims1' (40 files)", Certainty::proven, {}),
      linked("link.encrypted_file", "stands in the encrypted file '/srv/p/Asha Rao.docx.bak9' at byte 8",
             Certainty::strong, head)};
  dog.places = {head, mail};
  facts::ContactFacts mouse = dog;
  mouse.value = "mouse63209@mail.example";
  mouse.mails = 0;
  mouse.notes = 1;
  mouse.links = {linked("link.note", "stands in the ransom note '/srv/README.txt'", Certainty::strong, note)};
  mouse.places = {note};
  facts::ContactFacts vendor;
  vendor.kind = "email";
  vendor.value = "vendor@shop.example";
  facts.contacts = {dog, mouse, vendor};
  facts::AddressFacts border;
  border.address = "193.0.6.139";
  border.standing = facts::Standing::fact;
  border.links = {linked("link.mail.border", "handed over a mail that says to come from dog2398@mail.example",
                         Certainty::strong, mail)};
  border.observations = {{.at_ns = k_attack_ns,
                          .basis = model::TimeBasis::recorded,
                          .standing = facts::Standing::fact,
                          .what = "handed over a mail",
                          .port = 4711,
                          .own_address = {},
                          .own_port = 0,
                          .own_host = "mx.hospital.example",
                          .account = {},
                          .bytes_out = 0,
                          .place = mail}};
  border.times = 1;
  facts::AddressFacts below = border;
  below.address = "192.88.99.1";
  below.standing = facts::Standing::claim;
  below.links = {linked("link.mail.claim", "is claimed to have handed on a mail", Certainty::weak, mail)};
  below.observations.front().standing = facts::Standing::claim;
  below.observations.front().port = 0;
  facts.addresses = {border, below};
  model::MailRecord record;
  record.path = mail.path;
  record.sha256 = mail.sha256;
  record.from = "dog2398 <dog2398@mail.example>";
  record.subject = "your files";
  record.hops.resize(1);
  record.hops[0].date_ns = k_attack_ns;
  record.boundary = model::MailBoundary{.hop = 0, .ip = "193.0.6.139", .level = "fact", .reason = "own relay"};
  input.mails = {record};
  facts::MomentFacts began;
  began.name = "first encryption";
  began.at_ns = k_attack_ns;
  began.basis = model::TimeBasis::file_time;
  began.sentence = "change times of 40 encrypted files on 'hims1'";
  facts.moments = {began};
  input.times = {.created_ns = k_attack_ns + 1'000'000'000, .changed_ns = k_attack_ns + 2'000'000'000};
  return input;
}

}  // namespace lastgood::exports::testing
