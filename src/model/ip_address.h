// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// IP addresses and blocks of them, as text and as numbers. An address names a server's interface at a time, never a
// person.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::model {

/// IPv4 (RFC 791) or IPv6 (RFC 4291). Ordered by version, then number.
struct IpAddress {
  enum class Version : std::uint8_t { v4, v6 } version = Version::v4;
  std::array<std::uint8_t, 16> bytes{};  // of v4 the first four, the others zero

  auto operator<=>(const IpAddress&) const = default;
  [[nodiscard]] unsigned bits() const { return version == Version::v4 ? 32 : 128; }
};

/// Four decimal numbers without leading zeros: "010.1.1.1" means different things to different programs and is none.
[[nodiscard]] std::optional<IpAddress> parse_ipv4(std::string_view text);
/// RFC 4291 section 2.2, all three forms; no zone, no brackets.
[[nodiscard]] std::optional<IpAddress> parse_ipv6(std::string_view text);
[[nodiscard]] std::optional<IpAddress> parse_ip(std::string_view text);
/// RFC 5952 for IPv6.
[[nodiscard]] std::string format_ip(const IpAddress& address);

/// Addresses that share their first `prefix_bits` bits.
struct IpBlock {
  IpAddress first;
  unsigned prefix_bits = 0;

  auto operator<=>(const IpBlock&) const = default;
  [[nodiscard]] bool contains(const IpAddress& address) const;
};
/// "192.0.2.0/24", "2001:db8::/32"; a lone address is a block of one. Bits behind the prefix must be zero.
[[nodiscard]] std::optional<IpBlock> parse_ip_block(std::string_view text);

/// What an address can be used for, by the IANA special-purpose registries (RFC 6890 and what updates it).
enum class IpUse : std::uint8_t {
  global,    // may be somebody's server on the Internet
  private_,  // RFC 1918, RFC 4193: inside an organisation
  shared,    // RFC 6598: behind a carrier's translator
  loopback,
  link_local,
  documentation,  // RFC 5737, RFC 3849, RFC 9637
  multicast,
  reserved,
};
[[nodiscard]] IpUse use_of(const IpAddress& address);
/// "global", "private", "shared", ...
[[nodiscard]] std::string_view name_of(IpUse use);

}  // namespace lastgood::model
