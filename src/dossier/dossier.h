// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What may be said of an address, in levels that are never mixed: where its block is registered, who announces it,
// where databases guess it, what kind of network it is, and what its provider confirmed. Each statement names its data
// set and the days between the data and the observation; old data says less. No cities and no coordinates: they have
// sent people to the wrong door. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/ip_address.h"
#include "network/address_data.h"
#include "network/rdap.h"

namespace lastgood::dossier {

enum class Level : std::uint8_t { registered, registered_to, announced, estimated, network_class, confirmed };
/// "registered", "registered to (RDAP)", "announced", "estimated", "class", "confirmed by provider".
[[nodiscard]] std::string_view name_of(Level level);

enum class Strength : std::uint8_t {
  as_said,  // the data is of the days of the observation
  lowered,  // more than k_gap_days_max between them, or the time of the observation is unknown
  unknown,  // nothing is said
};
[[nodiscard]] std::string_view name_of(Strength strength);

/// Blocks are leased and moved.
inline constexpr std::int64_t k_gap_days_max = 30;

struct Statement {
  Level level = Level::registered;
  Strength strength = Strength::unknown;
  std::string says;    // in our words, without what is quoted: "the block is registered in HK (Hong Kong)"
  std::string quoted;  // word for word from the data set: a network's name; may be empty
  std::vector<std::string> sources;      // "iptoasn-country-mmdb, data of 2026-06-17"
  std::optional<std::int64_t> gap_days;  // the largest of its sources; nothing: the observation has no time
};

struct Dossier {
  model::IpAddress address;
  model::IpScope scope = model::IpScope::global;
  std::optional<std::int64_t> seen_ns;
  std::vector<Statement> statements;  // in the order of the levels; those that are unknown, too
  // For whoever has to ask: empty or nothing where unknown.
  std::optional<network::AnnouncedBy> network;
  std::string registered_country;  // of the block's holder; two letters
  std::string network_country;     // of the network that announces it; two letters
  std::vector<std::string> attributions;
};

/// `data` may be nullptr: no data set is installed. `seen_ns`: the observation it is about; nothing: unknown.
[[nodiscard]] Dossier make_dossier(const network::AddressData* data, const model::IpAddress& address,
                                   std::optional<std::int64_t> seen_ns);

/// What a provider answered about an address, as a person read it in a letter that is kept as evidence.
struct ProviderAnswer {
  std::string provider;
  std::string says;      // in the person's words
  std::string evidence;  // id of the letter: "E-0007"
  std::string recorded;  // RFC 3339
};
/// In the place of the sentence that no answer is on file. None: nothing changes.
void add_answers(Dossier& dossier, std::span<const ProviderAnswer> answers);

/// What a registry's RDAP answered, as it is kept as evidence.
struct RegistryAnswer {
  std::string url;
  std::int64_t asked_ns = 0;
  std::string evidence;                         // "E-0009"; may be empty
  std::optional<network::RdapNetwork> network;  // nothing: `why` says why
  std::string why;
};
/// A level of its own behind what data sets say of the registration: the newest answer, with the days between it and
/// the observation. None: nothing changes.
void add_registry_answers(Dossier& dossier, std::span<const RegistryAnswer> answers);
/// What must be said wherever it is asked.
[[nodiscard]] std::string_view asking_sentence();

/// What no dossier lacks: that an address shows a server and not a person.
[[nodiscard]] std::string_view closing_sentence();
/// How to install data sets, for where there are none.
[[nodiscard]] std::string_view how_to_install();

}  // namespace lastgood::dossier
