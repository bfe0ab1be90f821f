// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/ip_address.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/assert.h"

namespace lastgood::model {

namespace {

constexpr std::size_t k_groups = 8;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// `digits` decimal digits without leading zeros, at most `most`.
std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t most) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return value <= most ? std::optional(value) : std::nullopt;
}

std::optional<std::uint32_t> parse_group(std::string_view text) {
  if (text.empty() || text.size() > 4) return std::nullopt;
  std::uint32_t value = 0;
  for (const char c : text) {
    value <<= 4U;
    if (is_digit(c)) {
      value |= static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value |= static_cast<std::uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      value |= static_cast<std::uint32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

/// Groups of one side of "::", or of the whole.
struct Groups {
  std::array<std::uint32_t, k_groups> values{};
  std::size_t count = 0;
};

std::optional<Groups> parse_groups(std::string_view text) {
  Groups groups;
  if (text.empty()) return groups;
  while (true) {
    const std::size_t colon = text.find(':');
    const std::string_view part = text.substr(0, colon);
    if (groups.count == k_groups) return std::nullopt;
    if (colon == std::string_view::npos && part.find('.') != std::string_view::npos) {
      const auto last = parse_ipv4(part);
      if (!last || groups.count > k_groups - 2) return std::nullopt;
      groups.values.at(groups.count++) = std::uint32_t{last->bytes[0]} << 8U | last->bytes[1];
      groups.values.at(groups.count++) = std::uint32_t{last->bytes[2]} << 8U | last->bytes[3];
      return groups;
    }
    const auto value = parse_group(part);
    if (!value) return std::nullopt;
    groups.values.at(groups.count++) = *value;
    if (colon == std::string_view::npos) return groups;
    text.remove_prefix(colon + 1);
  }
}

std::uint32_t group_of(const IpAddress& address, std::size_t group) {
  return std::uint32_t{address.bytes.at(2 * group)} << 8U | address.bytes.at(2 * group + 1);
}

struct UseRow {
  std::string_view block;
  IpUse use;
};

/// Smaller blocks inside larger ones come first. IANA IPv4 and IPv6 Special-Purpose Address Registries, 2025.
constexpr std::array k_uses = {
    UseRow{"127.0.0.0/8", IpUse::loopback},
    UseRow{"10.0.0.0/8", IpUse::private_},
    UseRow{"172.16.0.0/12", IpUse::private_},
    UseRow{"192.168.0.0/16", IpUse::private_},
    UseRow{"100.64.0.0/10", IpUse::shared},
    UseRow{"169.254.0.0/16", IpUse::link_local},
    UseRow{"192.0.2.0/24", IpUse::documentation},
    UseRow{"198.51.100.0/24", IpUse::documentation},
    UseRow{"203.0.113.0/24", IpUse::documentation},
    UseRow{"192.0.0.9/32", IpUse::global},
    UseRow{"192.0.0.10/32", IpUse::global},
    UseRow{"192.0.0.0/24", IpUse::reserved},
    UseRow{"198.18.0.0/15", IpUse::reserved},
    UseRow{"0.0.0.0/8", IpUse::reserved},
    UseRow{"224.0.0.0/4", IpUse::multicast},
    UseRow{"240.0.0.0/4", IpUse::reserved},
    UseRow{"::1/128", IpUse::loopback},
    UseRow{"::/128", IpUse::reserved},
    UseRow{"fc00::/7", IpUse::private_},
    UseRow{"fe80::/10", IpUse::link_local},
    UseRow{"2001:db8::/32", IpUse::documentation},
    UseRow{"3fff::/20", IpUse::documentation},
    UseRow{"ff00::/8", IpUse::multicast},
    UseRow{"2000::/3", IpUse::global},
    UseRow{"64:ff9b::/96", IpUse::global},
    UseRow{"::/0", IpUse::reserved},
};

struct ParsedUse {
  IpBlock block;
  IpUse use;
};

const std::array<ParsedUse, k_uses.size()>& parsed_uses() {
  static const auto parsed = [] {
    std::array<ParsedUse, k_uses.size()> rows{};
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto block = parse_ip_block(k_uses.at(i).block);
      LG_ASSERT(block.has_value());
      rows.at(i) = {.block = *block, .use = k_uses.at(i).use};
    }
    return rows;
  }();
  return parsed;
}

/// "::ffff:192.0.2.1" is the IPv4 address, written long.
std::optional<IpAddress> mapped_v4(const IpAddress& address) {
  constexpr std::array<std::uint8_t, 12> k_prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (address.version != IpAddress::Version::v6) return std::nullopt;
  if (!std::equal(k_prefix.begin(), k_prefix.end(), address.bytes.begin())) return std::nullopt;
  IpAddress v4;
  std::copy(address.bytes.begin() + 12, address.bytes.end(), v4.bytes.begin());
  return v4;
}

}  // namespace

std::optional<IpAddress> parse_ipv4(std::string_view text) {
  IpAddress address;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::size_t dot = i < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return std::nullopt;
    const auto value = parse_number(text.substr(0, dot), 255);
    if (!value) return std::nullopt;
    address.bytes.at(i) = static_cast<std::uint8_t>(*value);
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return address;
}

std::optional<IpAddress> parse_ipv6(std::string_view text) {
  if (text.size() < 2 || text.size() > 45) return std::nullopt;
  const std::size_t gap = text.find("::");
  const auto head = parse_groups(text.substr(0, gap));
  const auto tail = gap == std::string_view::npos ? std::optional(Groups()) : parse_groups(text.substr(gap + 2));
  if (!head || !tail) return std::nullopt;
  const std::size_t count = head->count + tail->count;
  if (gap == std::string_view::npos ? count != k_groups : count >= k_groups) return std::nullopt;
  // Digits with dots may stand at the very end only.
  if (gap != std::string_view::npos && text.substr(0, gap).find('.') != std::string_view::npos) return std::nullopt;
  IpAddress address{.version = IpAddress::Version::v6};
  const auto put = [&](std::size_t group, std::uint32_t value) {
    address.bytes.at(2 * group) = static_cast<std::uint8_t>(value >> 8U);
    address.bytes.at(2 * group + 1) = static_cast<std::uint8_t>(value & 0xFFU);
  };
  for (std::size_t i = 0; i < head->count; ++i) put(i, head->values.at(i));
  for (std::size_t i = 0; i < tail->count; ++i) put(k_groups - tail->count + i, tail->values.at(i));
  return address;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  return text.find(':') == std::string_view::npos ? parse_ipv4(text) : parse_ipv6(text);
}

std::string format_ip(const IpAddress& address) {
  const auto& b = address.bytes;
  if (address.version == IpAddress::Version::v4) return fmt::format("{}.{}.{}.{}", b[0], b[1], b[2], b[3]);
  if (const auto v4 = mapped_v4(address)) return "::ffff:" + format_ip(*v4);
  // The longest run of zero groups, two at least, the first of equals.
  std::size_t gap_from = k_groups;
  std::size_t gap_length = 1;
  for (std::size_t from = 0; from < k_groups; ++from) {
    std::size_t to = from;
    while (to < k_groups && group_of(address, to) == 0) ++to;
    if (to - from > gap_length) {
      gap_from = from;
      gap_length = to - from;
    }
  }
  std::string text;
  for (std::size_t group = 0; group < k_groups; ++group) {
    if (group == gap_from) {
      text += "::";
      group += gap_length - 1;
      continue;
    }
    if (!text.empty() && !text.ends_with(':')) text += ':';
    text += fmt::format("{:x}", group_of(address, group));
  }
  return text;
}

bool IpBlock::contains(const IpAddress& address) const {
  if (address.version != first.version) return false;
  for (unsigned bit = 0; bit < prefix_bits; bit += 8) {
    const unsigned here = std::min(8U, prefix_bits - bit);
    const auto mask = static_cast<std::uint8_t>(0xFFU << (8 - here));
    if (((address.bytes.at(bit / 8) ^ first.bytes.at(bit / 8)) & mask) != 0) return false;
  }
  return true;
}

std::optional<IpBlock> parse_ip_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpBlock block{.first = *address, .prefix_bits = address->bits()};
  if (slash != std::string_view::npos) {
    const auto bits = parse_number(text.substr(slash + 1), address->bits());
    if (!bits) return std::nullopt;
    block.prefix_bits = *bits;
  }
  for (unsigned bit = block.prefix_bits; bit < address->bits(); ++bit) {
    if ((address->bytes.at(bit / 8) >> (7 - bit % 8) & 1U) != 0) return std::nullopt;
  }
  return block;
}

IpUse use_of(const IpAddress& address) {
  const IpAddress meant = mapped_v4(address).value_or(address);
  for (const ParsedUse& row : parsed_uses()) {
    if (row.block.contains(meant)) return row.use;
  }
  return IpUse::global;
}

std::string_view name_of(IpUse use) {
  switch (use) {
    case IpUse::global: return "global";
    case IpUse::private_: return "private";
    case IpUse::shared: return "shared";
    case IpUse::loopback: return "loopback";
    case IpUse::link_local: return "link_local";
    case IpUse::documentation: return "documentation";
    case IpUse::multicast: return "multicast";
    case IpUse::reserved: return "reserved";
  }
  return "reserved";
}

}  // namespace lastgood::model
