// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// IP addresses and blocks of them as values. Text forms: RFC 4291 section 2.2, RFC 5952 (printing), RFC 5321 section
// 4.1.3 (tagged literals). An address is a server, never a person.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::model {

/// IPv4, or IPv6. An IPv4 address inside an IPv6 one (::ffff:1.2.3.4) is the IPv4 address.
struct IpAddress {
  bool is_v6 = false;
  std::array<std::uint8_t, 16> bytes{};  // network order; IPv4 in the first four, the rest zero
  auto operator<=>(const IpAddress&) const = default;
};

/// What an address can be used for (the special-purpose registries of RFC 6890 and its updates).
enum class IpScope : std::uint8_t {
  global,         // may be seen on the public internet
  private_,       // RFC 1918, RFC 4193, site-local
  shared,         // RFC 6598: behind the provider's own translation
  loopback,       // the machine itself
  link_local,     // RFC 3927, fe80::/10
  documentation,  // RFC 5737, RFC 3849, RFC 9637: appears in no real trace
  reserved,       // unspecified, multicast, future use, benchmarking, discard
};

std::string_view name_of(IpScope scope);
IpScope scope_of(const IpAddress& address);
inline bool is_global(const IpAddress& address) { return scope_of(address) == IpScope::global; }
/// Of somebody else: global, or of documentation, which no real trace has and practice incidents use.
inline bool is_outside(const IpAddress& address) {
  return is_global(address) || scope_of(address) == IpScope::documentation;
}

/// The bare address: no brackets, no port, no tag. A zone ("fe80::1%5") is dropped. Octets with leading zeros are read
/// as decimal, as mail servers print them; nothing for anything else.
[[nodiscard]] std::optional<IpAddress> parse_ip(std::string_view text);

/// Shortest form (RFC 5952).
std::string text_of(const IpAddress& address);

struct IpBlock {
  IpAddress first;
  unsigned prefix_bits = 32;  // at most 32 or 128
  [[nodiscard]] bool contains(const IpAddress& address) const;
  bool operator==(const IpBlock&) const = default;
};

/// "192.0.2.0/24", "2001:db8::/32", or one address. Bits behind the prefix may be set.
[[nodiscard]] std::optional<IpBlock> parse_ip_block(std::string_view text);

}  // namespace lastgood::model
