// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Host names as trace fields show them, and which of them belong to one house.
#pragma once

#include <string>
#include <string_view>

namespace lastgood::mail {

/// The part of a host name that one owner answers for: its last two labels, or three where the last two are a public
/// suffix of a country in wide use ("co.in", "nic.in", "ac.uk"). Lower case; empty for addresses and single words. Not
/// the whole public suffix list: it decides only whether relays are one house, and says less house where in doubt.
std::string organisation_of(std::string_view host);

/// Houses whose border is written in their lines: their relays use several domains, or addresses as names.
enum class Provider : std::uint8_t { none, google, microsoft, yahoo, other };
/// By a name that the house itself uses for relays. `other`: a large provider whose outgoing relays sign what they
/// send.
Provider provider_of(std::string_view host);

/// True when both are of one organisation or one provider.
bool same_house(std::string_view host, std::string_view other);

}  // namespace lastgood::mail
