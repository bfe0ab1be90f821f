// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "dossier/dossier.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/human.h"
#include "network/country_names.h"

namespace lastgood::dossier {

namespace {

using network::AddressData;
using network::AddressFacts;
using network::DataSet;
using network::SetKind;
using network::TorAnswer;

constexpr std::int64_t k_day_ns = 86'400LL * 1'000'000'000LL;

std::string country(const std::string& code) { return fmt::format("{} ({})", code, network::country_name(code)); }

std::string_view class_name(SetKind kind) {
  switch (kind) {
    case SetKind::hosting: return "a hosting network: servers are rented there";
    case SetKind::vpn:
      return "a VPN's network: many customers share its addresses, and records of them are seldom kept";
    case SetKind::cdn: return "a content delivery network: it stands in front of other people's servers";
    case SetKind::mobile: return "a mobile network: many customers share one address, told apart by port and second";
    case SetKind::access: return "an access network: lines of customers";
    case SetKind::country_registered:
    case SetKind::country_announced:
    case SetKind::country_estimated:
    case SetKind::networks:
    case SetKind::tor_exits: break;
  }
  return "";
}

class Maker {
 public:
  Maker(const AddressData* data, const AddressFacts& facts, Dossier& dossier)
      : data_(data), facts_(facts), dossier_(dossier) {}

  void run() {
    add_registered();
    add_announced();
    add_estimated();
    add_class();
    dossier_.statements.push_back({.level = Level::confirmed,
                                   .strength = Strength::unknown,
                                   .says = "no answer of a provider is on file",
                                   .quoted = {},
                                   .sources = {},
                                   .gap_days = {}});
  }

 private:
  [[nodiscard]] const DataSet& set(std::size_t number) const { return data_->sets()[number]; }

  void add_source(Statement& statement, std::size_t number) {
    const DataSet& source = set(number);
    statement.sources.push_back(fmt::format("{}, data of {}", source.name, source.date));
    if (!source.attribution.empty() && std::find(dossier_.attributions.begin(), dossier_.attributions.end(),
                                                 source.attribution) == dossier_.attributions.end()) {
      dossier_.attributions.push_back(source.attribution);
    }
    if (!dossier_.seen_ns) return;
    const std::int64_t gap = std::abs(*dossier_.seen_ns / k_day_ns - source.date_ns / k_day_ns);
    statement.gap_days = std::max(statement.gap_days.value_or(0), gap);
  }

  void put(Statement statement) {
    const bool fresh = statement.gap_days && *statement.gap_days <= k_gap_days_max;
    statement.strength = fresh ? Strength::as_said : Strength::lowered;
    dossier_.statements.push_back(std::move(statement));
  }
  void put_unknown(Level level, std::string why) {
    dossier_.statements.push_back({.level = level,
                                   .strength = Strength::unknown,
                                   .says = std::move(why),
                                   .quoted = {},
                                   .sources = {},
                                   .gap_days = {}});
  }

  /// "unknown: ..." for a kind of data that is not installed, or does not have the address.
  [[nodiscard]] std::string why_unknown(SetKind kind, std::string_view what) const {
    const bool installed = data_ != nullptr && data_->has(kind);
    return fmt::format("unknown: {}",
                       installed ? fmt::format("the data does not say {}", what) : "no data set installed");
  }

  void add_registered() {
    for (const auto& said : facts_.countries) {
      if (set(said.set).kind != SetKind::country_registered || !said.country) continue;
      Statement statement;
      statement.level = Level::registered;
      statement.says =
          fmt::format("the holder of the block is registered in {}; which person or company it is, the registry says",
                      country(*said.country));
      add_source(statement, said.set);
      dossier_.registered_country = *said.country;
      return put(std::move(statement));
    }
    put_unknown(Level::registered, why_unknown(SetKind::country_registered, "where the block is registered"));
  }

  void add_announced() {
    if (!facts_.network) {
      return put_unknown(Level::announced, why_unknown(SetKind::networks, "who announces the address"));
    }
    Statement statement;
    statement.level = Level::announced;
    statement.says = fmt::format("announced to the internet by AS{}", facts_.network->number);
    statement.quoted = facts_.network->name;
    add_source(statement, *facts_.networks);
    for (const auto& said : facts_.countries) {
      if (set(said.set).kind != SetKind::country_announced || !said.country) continue;
      statement.says += fmt::format(", a network registered in {}", country(*said.country));
      dossier_.network_country = *said.country;
      add_source(statement, said.set);
      break;
    }
    put(std::move(statement));
  }

  /// All databases have a say here, also those of registrations: they are what people mean by "the country of".
  void add_estimated() {
    std::map<std::string, std::size_t> votes;
    Statement statement;
    statement.level = Level::estimated;
    std::string list;
    for (const auto& said : facts_.countries) {
      if (!said.country) continue;
      ++votes[*said.country];
      list += fmt::format("{}{} by '{}'", list.empty() ? "" : ", ", *said.country, set(said.set).name);
      add_source(statement, said.set);
    }
    if (votes.empty()) {
      return put_unknown(Level::estimated,
                         why_unknown(SetKind::country_estimated, "in which country the address is used"));
    }
    const auto most =
        std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    const std::size_t asked = facts_.countries.size();
    if (votes.size() == 1 && most->second == 1) {
      statement.says = fmt::format("one of {} databases places it in a country: {}", asked, list);
    } else if (most->second * 2 > asked) {
      statement.says =
          fmt::format("{} of {} databases place it in {}: {}", most->second, asked, country(most->first), list);
    } else {
      std::size_t answered = 0;
      for (const auto& [code, count] : votes) answered += count;
      statement.says = fmt::format("{} of {} databases place it, and disagree: {}", answered, asked, list);
    }
    put(std::move(statement));
  }

  void add_class() {
    bool said = false;
    for (const auto& listed : facts_.classes) {
      Statement statement;
      statement.level = Level::network_class;
      statement.says = fmt::format("listed as {}", class_name(listed.kind));
      add_source(statement, listed.set);
      put(std::move(statement));
      said = true;
    }
    if (facts_.tor_set && facts_.tor != TorAnswer::no_list) {
      Statement statement;
      statement.level = Level::network_class;
      statement.says = facts_.tor == TorAnswer::listed ? "an exit of the Tor network on that day: whoever used it came "
                                                         "through it, and its operator cannot know who"
                                                       : "not named as an exit of the Tor network on that day";
      add_source(statement, *facts_.tor_set);
      statement.gap_days = 0;  // the answer is of that very day, whatever the date of the set
      put(std::move(statement));
      said = said || facts_.tor == TorAnswer::listed;
    } else {
      put_unknown(Level::network_class,
                  "whether it was an exit of the Tor network at that time is unknown: no list of that day installed");
    }
    if (said) return;
    const bool any =
        data_ != nullptr && (data_->has(SetKind::hosting) || data_->has(SetKind::vpn) || data_->has(SetKind::cdn) ||
                             data_->has(SetKind::mobile) || data_->has(SetKind::access));
    put_unknown(Level::network_class, any ? "unknown kind of network: on none of the installed lists"
                                          : "unknown kind of network: no list installed");
  }

  const AddressData* data_;
  const AddressFacts& facts_;
  Dossier& dossier_;
};

}  // namespace

std::string_view name_of(Level level) {
  constexpr std::array<std::string_view, 6> k_names = {"registered", "registered to (RDAP)", "announced", "estimated",
                                                       "class",      "confirmed by provider"};
  return k_names.at(static_cast<std::size_t>(level));
}

std::string_view name_of(Strength strength) {
  constexpr std::array<std::string_view, 3> k_names = {"as said", "lowered", "unknown"};
  return k_names.at(static_cast<std::size_t>(strength));
}

void add_answers(Dossier& dossier, std::span<const ProviderAnswer> answers) {
  if (answers.empty()) return;
  std::erase_if(dossier.statements, [](const Statement& statement) { return statement.level == Level::confirmed; });
  for (const ProviderAnswer& answer : answers) {
    dossier.statements.push_back(
        {.level = Level::confirmed,
         .strength = Strength::as_said,
         .says = "a provider answered (its letter is kept as evidence); who used it is for the inquiry to say",
         .quoted = answer.provider + ": " + answer.says,
         .sources = {answer.evidence + ", recorded " + answer.recorded},
         .gap_days = {}});
  }
}

std::string_view asking_sentence() {
  return "Asking a registry tells it who asks, from which address, and about which address.";
}

namespace {

/// Word for word from the answer: "Net One Ltd; network NET-ONE, handle H-1; abuse desk: abuse@one.example".
std::string quote_of(const network::RdapNetwork& found) {
  std::string text;
  const auto add = [&](std::string_view before, const std::string& what) {
    if (!what.empty()) text += fmt::format("{}{}{}", text.empty() ? "" : "; ", before, what);
  };
  const network::RdapEntity* registrant = network::find_role(found, "registrant");
  if (registrant != nullptr) add("", registrant->is_individual && registrant->name.empty() ? "" : registrant->name);
  add("network ", found.name);
  add("handle ", found.handle);
  const network::RdapEntity* abuse = network::find_role(found, "abuse");
  if (abuse != nullptr && !abuse->mails.empty()) add("mailbox for abuse ", abuse->mails.front());
  for (const network::RdapEvent& event : found.events)
    if (event.action == "registration" || event.action == "last changed") add(event.action + " ", event.date);
  return text;
}

std::string words_of(const network::RdapNetwork& found) {
  std::string says =
      fmt::format("the registry has the block {} to {}", model::text_of(found.first), model::text_of(found.last));
  if (!found.country.empty()) says += fmt::format(", with the country {} in its record", country(found.country));
  const network::RdapEntity* registrant = network::find_role(found, "registrant");
  if (registrant != nullptr && registrant->is_individual && registrant->name.empty())
    says += ", registered to an individual, whose name only the kept answer holds";
  return says;
}

}  // namespace

void add_registry_answers(Dossier& dossier, std::span<const RegistryAnswer> answers) {
  if (answers.empty()) return;
  const auto newest = std::max_element(answers.begin(), answers.end(),
                                       [](const auto& a, const auto& b) { return a.asked_ns < b.asked_ns; });
  Statement statement;
  statement.level = Level::registered_to;
  statement.sources = {fmt::format("RDAP of {}, asked at {}{}{}", newest->url, base::utc_time(newest->asked_ns),
                                   newest->evidence.empty() ? "" : ", kept as ", newest->evidence)};
  if (!newest->network) {
    statement.says = "unknown: " + newest->why;
  } else {
    statement.says = words_of(*newest->network);
    statement.quoted = quote_of(*newest->network);
    if (dossier.seen_ns) statement.gap_days = std::abs(*dossier.seen_ns / k_day_ns - newest->asked_ns / k_day_ns);
    const bool fresh = statement.gap_days && *statement.gap_days <= k_gap_days_max;
    statement.strength = fresh ? Strength::as_said : Strength::lowered;
  }
  const auto behind = std::find_if(dossier.statements.begin(), dossier.statements.end(),
                                   [](const Statement& known) { return known.level > Level::registered_to; });
  dossier.statements.insert(behind, std::move(statement));
}

Dossier make_dossier(const AddressData* data, const model::IpAddress& address, std::optional<std::int64_t> seen_ns) {
  Dossier dossier;
  dossier.address = address;
  dossier.scope = model::scope_of(address);
  dossier.seen_ns = seen_ns;
  const AddressFacts facts = data == nullptr ? AddressFacts{} : data->look_up(address, seen_ns.value_or(0));
  Maker(data, facts, dossier).run();
  dossier.network = facts.network;
  return dossier;
}

std::string_view closing_sentence() {
  return "This shows which server took part, not who used it or where that person was; the server may be rented, "
         "relayed, "
         "or itself a victim.";
}

std::string_view how_to_install() {
  return "tools/get_address_data.sh installs data sets, with npm and a network, or elsewhere to be carried over";
}

}  // namespace lastgood::dossier
