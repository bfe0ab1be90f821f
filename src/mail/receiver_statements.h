// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a receiver wrote down about a mail beside its Received lines: Authentication-Results (RFC 8601),
// ARC-Authentication-Results (RFC 8617), Received-SPF (RFC 7208 section 9.1), X-Sender-IP, X-Originating-IP. Each is as
// trustworthy as the place where it stands: anybody can write such a field into a mail that he sends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mail/header.h"
#include "model/ip_address.h"

namespace lastgood::mail {

struct MethodResult {
  std::string method;                                           // "spf", "dkim"; lower case
  std::string result;                                           // "pass", "fail"; lower case
  std::vector<std::pair<std::string, std::string>> properties;  // "smtp.mailfrom", "x.example"
  std::string comments;                                         // all comments, joined by blanks
  [[nodiscard]] std::string property(std::string_view name) const;
};

struct AuthenticationResults {
  std::optional<unsigned> instance;  // of the ARC form, "i=1"
  std::string authserv_id;           // empty: the writer left it out
  std::vector<MethodResult> results;
};

/// At most 64 methods of 32 properties each; never fails.
AuthenticationResults parse_authentication_results(std::string_view line);

/// One address that a field other than Received says the mail came from.
struct PeerStatement {
  std::string field_name;
  std::size_t field = 0;  // number in the header
  std::uint64_t offset_bytes = 0;
  model::IpAddress ip;
  /// X-Originating-IP and its kin speak of the sender's client, not of the peer at the border: a lead, never a fact.
  bool about_client = false;
};

std::vector<PeerStatement> find_peer_statements(const Header& header);

/// The address that Received-SPF or one comment of its kind names.
std::optional<model::IpAddress> find_stated_ip(std::string_view line);

}  // namespace lastgood::mail
