// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "questions/plan_questions.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "model/ip_address.h"
#include "questions/ask.h"
#include "questions/pack_tables.h"
#include "questions/time_windows.h"

namespace lastgood::questions {

using facts::ContactFacts;

namespace {

constexpr std::size_t k_not_asked_max = 200;
constexpr std::size_t k_renewals = 4;
// Whoever renews needs days for it.
constexpr int k_renew_before_days = 14;
constexpr std::string_view k_home = "IN";

bool is_account_kind(std::string_view kind) {
  return kind == "email" || kind == "xmpp" || kind == "jabber" || kind == "telegram";
}

std::string domain_of(const std::string& value) {
  const std::size_t at = value.rfind('@');
  return at == std::string::npos ? std::string() : value.substr(at + 1);
}

/// A name of a file: small letters, digits and dashes.
std::string as_id(std::string_view text) {
  std::string id;
  for (const char letter : text) {
    const char small = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
    const bool fits = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9');
    if (fits) {
      id += small;
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
    if (id.size() == 60) break;
  }
  return id;
}

class Planner {
 public:
  Planner(const facts::CaseFacts& facts, const Directory& directory, const network::AddressData* data,
          const QuestionRequest& request)
      : facts_(facts), directory_(directory), data_(data), request_(request) {}

  Packs run() {
    fill_frame();
    choose();
    add_account_packs();
    add_network_packs();
    add_registry_pack();
    add_agency_packs();
    return std::move(packs_);
  }

 private:
  void fill_frame() {
    CaseFrame& frame = packs_.frame;
    frame.case_name = facts_.case_name;
    frame.case_id = facts_.case_id;
    frame.about = facts_.about;
    frame.made_ns = request_.made_ns;
    frame.zone = facts_.about.zone;
    const auto offset = parse_zone(frame.zone);
    if (!offset) frame.zone = "+05:30";  // the zone of India, where nobody said another
    frame.zone_offset_s = offset.value_or(19'800);
    frame.hosts = facts_.hosts;
    frame.campaigns = facts_.campaigns;
    frame.moments = facts_.moments;
    frame.evidence = facts_.evidence;
    frame.contradictions = facts_.timeline.contradictions;
    for (const Agency& agency : directory_.agencies)
      if (agency.kind == "coordination" && agency.country == k_home) add_step(frame.offices, &agency);
    windows_ = attack_windows(facts_.moments);
  }

  [[nodiscard]] bool is_named(const std::string& value) const {
    return std::find(request_.named.begin(), request_.named.end(), value) != request_.named.end();
  }
  template <typename Item>
  [[nodiscard]] bool is_asked(const Item& item, const std::string& value) const {
    return !item.links.empty() || request_.ask == QuestionRequest::Ask::all || is_named(value);
  }

  /// Among random bytes stand short names of hosts by chance; an account does not, nor what several files share.
  static bool may_be_chance(const ContactFacts& contact) {
    const bool is_short_name = contact.kind == "domain" || contact.kind == "url" || contact.kind == "host";
    const bool only_there = std::all_of(contact.links.begin(), contact.links.end(),
                                        [](const facts::Link& link) { return link.rule == "link.encrypted_file"; });
    return is_short_name && contact.level == "shape" && only_there && !contact.links.empty() &&
           contact.encrypted_files <= 1 && contact.notes == 0;
  }

  void leave_out(std::string value) {
    if (packs_.not_asked.size() < k_not_asked_max) {
      packs_.not_asked.push_back(std::move(value));
    } else {
      ++packs_.not_asked_more;
    }
  }

  void choose() {
    for (const ContactFacts& contact : facts_.contacts) {
      if (!is_asked(contact, contact.value)) {
        leave_out(contact.kind + " " + contact.value + ": nothing ties it to the attack");
      } else if (may_be_chance(contact) && !is_named(contact.value)) {
        leave_out(contact.kind + " " + contact.value +
                  ": only its shape speaks for it, in encrypted bytes, where chance makes such shapes");
      } else if (is_account_kind(contact.kind)) {
        accounts_.push_back(contact);
      } else {
        marks_.push_back(contact);
      }
    }
    for (const facts::AddressFacts& found : facts_.addresses) {
      const auto address = model::parse_ip(found.address);
      if (!address || !model::is_global(*address)) continue;
      if (!is_asked(found, found.address)) {
        leave_out(found.address + ": seen, and nothing ties it to the attack");
        continue;
      }
      const auto seen = found.observations.empty() ? std::nullopt : found.observations.front().at_ns;
      addresses_.push_back({found, dossier::make_dossier(data_, *address, seen)});
    }
  }

  /// All that a provider's entry says, and the hands through which a request to it goes.
  void fill_from(const Provider& provider, Pack& pack) const {
    pack.who_may_ask = provider.who_may_ask;
    pack.held = provider.held;
    pack.not_held = provider.not_held;
    pack.how_to_ask = provider.how_to_ask;
    pack.preservation_days = provider.preservation_days;
    pack.preservation = provider.preservation;
    if (provider.preservation_days > 0) add_renewals(pack);
    pack.path = path_to(pack.country, provider.authority);
  }

  void add_renewals(Pack& pack) const {
    const int every = std::max(1, pack.preservation_days - k_renew_before_days);
    for (std::size_t i = 1; i <= k_renewals; ++i) {
      pack.renew_by_ns.push_back(request_.made_ns + static_cast<std::int64_t>(i) * every * k_day_ns);
    }
  }

  void add_step(std::vector<PathStep>& path, const Agency* agency) const {
    if (agency != nullptr) path.push_back({agency->name, agency->step, agency->role});
  }

  /// The directory's office of that country, or "the central authority of SC (Seychelles)".
  void add_foreign(std::vector<PathStep>& path, const std::string& country, const std::string& authority) const {
    const Agency* foreign = country.empty() ? nullptr : directory_.agency_of("foreign-central", country);
    add_step(path, foreign != nullptr ? foreign : directory_.agency(authority));
    if (foreign == nullptr && !country.empty() && directory_.agency(authority) != nullptr)
      path.back().who = "the central authority of " + country_words(country);
  }

  [[nodiscard]] std::vector<PathStep> path_to(const std::string& country, const std::string& authority) const {
    std::vector<PathStep> path;
    add_step(path, directory_.agency_of("police", k_home));
    for (const Agency& agency : directory_.agencies) {
      const bool named =
          !agency.only_offence.empty() && facts_.about.offences.find(agency.only_offence) != std::string::npos;
      if (named) add_step(path, &agency);
    }
    if (country == k_home || authority.empty()) return path;
    add_step(path, directory_.agency_of("interpol", k_home));
    add_step(path, directory_.agency_of("mla", k_home));
    add_foreign(path, country, authority);
    return path;
  }

  template <typename Items>
  static void limit(Items& items, Pack& pack, std::string_view what) {
    if (items.size() <= k_values_per_pack_max) return;
    pack.remarks.push_back(fmt::format("{} {} are left out of this letter: it names the first {}",
                                       items.size() - k_values_per_pack_max, what, k_values_per_pack_max));
    items.resize(k_values_per_pack_max);
  }

  void finish_pack(Pack& pack) {
    limit(pack.contacts, pack, "accounts and other marks");
    limit(pack.addresses, pack, "addresses");
    pack.windows = windows_;
    for (const AskedAddress& asked : pack.addresses) {
      auto window = observed_window(asked.facts);
      if (!window) continue;
      window->name = asked.facts.address;
      pack.windows.push_back(std::move(*window));
    }
    if (windows_.empty())
      pack.remarks.emplace_back(
          "when the encryption began and ended is unknown: fill in the span of time that is asked about");
  }

  void add_account_packs() {
    std::map<std::string, Pack> by_provider;
    for (const ContactFacts& account : accounts_) {
      const std::string domain = domain_of(account.value);
      const bool is_telegram = account.kind == "telegram";
      const Provider* provider = directory_.provider_of(is_telegram ? "telegram" : "mail", domain);
      if (provider == nullptr) {
        leave_out(account.kind + " " + account.value + ": the directory has no provider for it");
        continue;
      }
      const bool any = std::find(provider->domains.begin(), provider->domains.end(), "*") != provider->domains.end();
      const std::string id = as_id((is_telegram ? "" : "mail-") + (any ? domain : provider->id));
      Pack& pack = by_provider[id];
      if (pack.id.empty()) {
        pack.id = id;
        pack.kind = provider->kind;
        pack.recipient = provider->name;
        pack.country = provider->country;
        if (any) pack.network = domain;
        fill_from(*provider, pack);
        pack.records = account_records();
      }
      pack.contacts.push_back(account);
    }
    for (auto& [id, pack] : by_provider) {
      finish_pack(pack);
      pack.questions = account_questions(pack.contacts);
      for (Question& question : attack_questions(pack.contacts, {})) pack.questions.push_back(std::move(question));
      is_foreign_ = is_foreign_ || pack.country != k_home;
      provider_packs_.push_back(std::move(pack));
    }
  }

  /// The holder of a block may have its seat in another country than the network: then the way is not clear.
  static void add_other_countries(Pack& pack) {
    std::set<std::string> seen = {pack.country};
    for (const AskedAddress& asked : pack.addresses) {
      const std::string& other = asked.dossier.registered_country;
      if (other.empty() || !seen.insert(other).second) continue;
      pack.remarks.push_back(
          fmt::format("the data sets disagree about the country: the network is registered in {}, the holder of the "
                      "block of {} in {}; ask the registry who the holder is before the request goes through a country",
                      country_words(pack.country), asked.facts.address, country_words(other)));
    }
  }

  void add_network_packs() {
    const Provider* provider = directory_.provider_of("network", "");
    if (provider == nullptr) return;
    std::map<std::string, Pack> by_network;
    for (const AskedAddress& asked : addresses_) {
      const auto& network = asked.dossier.network;
      const std::string id =
          network ? fmt::format("network-as{}", network->number) : "network-" + as_id(asked.facts.address);
      Pack& pack = by_network[id];
      if (pack.id.empty()) {
        pack.id = id;
        pack.kind = "network";
        // The letter goes to the network; only where nobody says its country, that of the block is a help.
        pack.country =
            asked.dossier.network_country.empty() ? asked.dossier.registered_country : asked.dossier.network_country;
        pack.recipient = network ? fmt::format("the network AS{}", network->number)
                                 : fmt::format("the network of {} (whose it is, is unknown: no data set says it)",
                                               asked.facts.address);
        if (network) pack.network = network->name;
        fill_from(*provider, pack);
        pack.records = address_records();
      }
      pack.addresses.push_back(asked);
    }
    for (auto& [id, pack] : by_network) {
      add_other_countries(pack);
      finish_pack(pack);
      pack.questions = address_questions(pack.addresses);
      for (Question& question : attack_questions({}, pack.addresses)) pack.questions.push_back(std::move(question));
      is_foreign_ = is_foreign_ || pack.country != k_home;
      provider_packs_.push_back(std::move(pack));
    }
  }

  void add_registry_pack() {
    const Provider* provider = directory_.provider_of("registry", "");
    if (provider == nullptr || addresses_.empty()) return;
    Pack pack;
    pack.id = "registry";
    pack.kind = "registry";
    pack.recipient = provider->name;
    pack.addresses = addresses_;
    pack.country = k_home;  // its records are public: no authority is in between
    fill_from(*provider, pack);
    pack.country.clear();
    finish_pack(pack);
    pack.questions = registry_questions(pack.addresses);
    provider_packs_.push_back(std::move(pack));
  }

  /// The questions of the whole case: for those who carry them on.
  Pack whole_case(const Agency& agency, std::string id) {
    Pack pack;
    pack.id = std::move(id);
    pack.kind = agency.kind;
    pack.recipient = agency.name;
    pack.country = agency.country;
    pack.who_may_ask = agency.role;
    pack.contacts = accounts_;
    pack.addresses = addresses_;
    pack.contacts.insert(pack.contacts.end(), marks_.begin(), marks_.end());
    finish_pack(pack);
    pack.questions = address_questions(addresses_);
    for (Question& question : account_questions(accounts_)) pack.questions.push_back(std::move(question));
    for (Question& question : attack_questions(accounts_, addresses_)) pack.questions.push_back(std::move(question));
    return pack;
  }

  void add_agency_packs() {
    if (accounts_.empty() && addresses_.empty() && marks_.empty()) return;
    const Agency* police = directory_.agency_of("police", k_home);
    if (police != nullptr) packs_.packs.push_back(whole_case(*police, "police"));
    for (const auto& [kind, id] : {std::pair("interpol", "interpol"), std::pair("mla", "mutual-legal-assistance")}) {
      const Agency* agency = directory_.agency_of(kind, k_home);
      if (agency != nullptr && is_foreign_) packs_.packs.push_back(whole_case(*agency, id));
    }
    if (const Agency* cert = directory_.agency_of("cert", k_home)) {
      Pack pack = whole_case(*cert, "cert");
      pack.questions = other_incident_questions(pack);
      packs_.packs.push_back(std::move(pack));
    }
    for (Pack& pack : provider_packs_) packs_.packs.push_back(std::move(pack));
  }

  const facts::CaseFacts& facts_;
  const Directory& directory_;
  const network::AddressData* data_;
  const QuestionRequest& request_;
  std::vector<Window> windows_;
  std::vector<ContactFacts> accounts_;
  std::vector<ContactFacts> marks_;  // what nobody runs: wallets, onion services, identifiers
  std::vector<AskedAddress> addresses_;
  std::vector<Pack> provider_packs_;
  bool is_foreign_ = false;
  Packs packs_;
};

}  // namespace

Packs plan_questions(const facts::CaseFacts& facts, const Directory& directory, const network::AddressData* data,
                     const QuestionRequest& request) {
  return Planner(facts, directory, data, request).run();
}

}  // namespace lastgood::questions
