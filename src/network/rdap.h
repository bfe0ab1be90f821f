// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a registry's RDAP says of an address's block (RFC 9083, section 5.4), and which registry to ask (RFC 9224).
// Pure: answers come from strangers, so size, depth and counts are limited before anything is believed. Names of
// individuals are not taken over: an address is a server, and a contact of a block is not who used it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/ip_address.h"

namespace lastgood::network {

inline constexpr std::size_t k_rdap_bytes_max = std::size_t{1} << 20;
inline constexpr unsigned k_rdap_depth_max = 32;
inline constexpr std::size_t k_rdap_entities_max = 64;
inline constexpr std::size_t k_rdap_texts_max = 64;

struct RdapEntity {
  std::string handle;
  std::vector<std::string> roles;  // "registrant", "abuse", ...
  bool is_individual = false;      // by its vCard: then `name` is empty
  std::string name;                // of an organisation or a desk
  std::vector<std::string> mails;
  std::vector<std::string> phones;
};

struct RdapEvent {
  std::string action;  // "registration", "last changed"
  std::string date;    // as it stands
};

struct RdapNetwork {
  std::string handle;
  std::string name;
  std::string type;
  std::string country;  // two capital letters; empty: not said
  model::IpAddress first;
  model::IpAddress last;
  std::vector<RdapEntity> entities;  // those within entities, too
  std::vector<RdapEvent> events;
  std::vector<std::string> links;  // https only
};

/// ErrorCode::damaged_container with what is wrong; also when the block does not hold `asked`.
[[nodiscard]] base::Result<RdapNetwork> parse_rdap_network(std::string_view text, const model::IpAddress& asked);

/// The first entity of a role; null: none.
[[nodiscard]] const RdapEntity* find_role(const RdapNetwork& network, std::string_view role);

/// Where a block's registry answers.
struct RdapServer {
  model::IpBlock block;
  std::string url;  // "https://rdap.example/", ends with '/'
};
struct RdapBootstrap {
  std::string published;  // as it stands; empty: not said
  std::vector<RdapServer> servers;
};
inline constexpr std::size_t k_rdap_servers_max = 10'000;

/// IANA's ipv4.json or ipv6.json. Servers without https are left out.
[[nodiscard]] base::Result<RdapBootstrap> parse_rdap_bootstrap(std::string_view text);
/// Of the smallest block that holds the address; empty: none.
[[nodiscard]] std::string find_rdap_server(const RdapBootstrap& bootstrap, const model::IpAddress& address);

/// An address that a program may be sent to.
struct RdapUrl {
  bool is_https = false;
  std::string host;  // lower case, without brackets
  std::string text;  // whole, of printable ASCII without spaces and quotes
};
/// Nothing for anything but http and https with a plain host: no account in it, no fragment.
[[nodiscard]] std::optional<RdapUrl> parse_rdap_url(std::string_view text);

}  // namespace lastgood::network
