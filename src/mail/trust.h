// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which Received lines can be believed, and which address is the first one outside.
//
// Every relay writes its line on top of those it was given, and anybody can hand over lines that he made up. So trust
// goes from the top down and ends at the first line whose writer is not the reader's own:
//   trusted       written by a relay of the reader's, about another one of his
//   semi_trusted  the border: written by the reader's relay about a stranger. The address is the relay's own
//   observation,
//                 and the name looked up for it; the HELO name is the stranger's word
//   vouched       below the border, but vouched for: by a relay of a large provider that the border knows by address
//   and
//                 name and whose signature holds, or by the sealer of an ARC chain that the reader trusts
//   claim         what the sender handed over; true or not
// Own relays are given by the person, or inferred: the line on top was written by the house that holds the mailbox. An
// address is called a fact only where every line above it is sure; in doubt it is a claim, with the reason.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/received.h"
#include "mail/receiver_statements.h"

namespace lastgood::mail {

enum class Trust : std::uint8_t { trusted, semi_trusted, vouched, claim };
enum class Level : std::uint8_t { fact, claim };
std::string_view name_of(Trust trust);
std::string_view name_of(Level level);

/// A relay of the reader's: a host or an address; or the domain or block that relays lie in. Domains and blocks say
/// whose lines are read as own, but hold other machines, too: only a peer that is given by itself makes the next line
/// sure.
struct OwnRelay {
  std::string host;  // lower case; empty: by address
  bool and_below = false;
  std::optional<model::IpBlock> block;
};
/// "mx.hospital.example", ".hospital.example" or "*.hospital.example", "10.0.0.0/8", "2001:db8::1"; nothing otherwise.
[[nodiscard]] std::optional<OwnRelay> parse_own_relay(std::string_view text);

struct Hop {
  std::size_t field = 0;  // number in the header
  std::uint64_t offset_bytes = 0;
  Received received;
  Trust trust = Trust::claim;
};

/// At most `k_hops_max`, newest first.
inline constexpr std::size_t k_hops_max = 1000;
std::vector<Hop> find_hops(const Header& header);

struct Boundary {
  std::size_t hop = 0;
  std::optional<model::IpAddress> ip;  // nothing: the border's line does not say
  Level level = Level::claim;
  std::string reason;  // why this line, and why not a fact
};

struct TrustOptions {
  std::vector<OwnRelay> own_relays;
  /// Sealers whose verified ARC chain vouches for what they saw: organisations, lower case.
  std::vector<std::string> vouching_sealers;
  /// A signature of the mail holds, verified here.
  bool signature_holds = false;
};

/// Sets the trust of every hop and gives the border; nothing when there are no hops. Pure.
std::optional<Boundary> decide_trust(std::vector<Hop>& hops, const std::vector<PeerStatement>& statements,
                                     const TrustOptions& options);

}  // namespace lastgood::mail
