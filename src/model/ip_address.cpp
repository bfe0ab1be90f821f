// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/ip_address.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::model {

namespace {

constexpr std::size_t k_text_max = 64;  // the longest form with a zone is shorter

/// A decimal number of at most `max`; SIZE_MAX when there is none.
std::size_t decimal(std::string_view text, std::size_t digits_max, std::size_t max) {
  if (text.empty() || text.size() > digits_max) return SIZE_MAX;
  std::size_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return SIZE_MAX;
    value = value * 10 + static_cast<std::size_t>(c - '0');
  }
  return value <= max ? value : SIZE_MAX;
}

bool parse_v4(std::string_view text, std::uint8_t* into) {
  for (int i = 0; i < 4; ++i) {
    const std::size_t dot = i < 3 ? text.find('.') : text.size();
    if (dot == std::string_view::npos) return false;
    const std::size_t octet = decimal(text.substr(0, dot), 3, 255);
    if (octet == SIZE_MAX) return false;
    into[i] = static_cast<std::uint8_t>(octet);
    text.remove_prefix(std::min(text.size(), dot + 1));
  }
  return text.empty();
}

/// One group of one to four hexadecimal digits.
bool parse_group(std::string_view text, std::uint8_t* into) {
  if (text.empty() || text.size() > 4) return false;
  unsigned value = 0;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return false;
    value = value * 16 + static_cast<unsigned>(digit);
  }
  into[0] = static_cast<std::uint8_t>(value >> 8);
  into[1] = static_cast<std::uint8_t>(value & 0xFF);
  return true;
}

/// Groups separated by single colons, the last of which may be an IPv4 address: how many bytes they fill; -1: none.
int parse_groups(std::string_view text, std::uint8_t* into, int bytes_max) {
  int filled = 0;
  while (!text.empty()) {
    const std::size_t colon = text.find(':');
    const std::string_view group = text.substr(0, colon);
    if (colon == std::string_view::npos && group.find('.') != std::string_view::npos) {
      if (filled + 4 > bytes_max || !parse_v4(group, into + filled)) return -1;
      return filled + 4;
    }
    if (filled + 2 > bytes_max || !parse_group(group, into + filled)) return -1;
    filled += 2;
    if (colon == std::string_view::npos) return filled;
    text.remove_prefix(colon + 1);
    if (text.empty()) return -1;
  }
  return filled;
}

bool parse_v6(std::string_view text, std::array<std::uint8_t, 16>& into) {
  const std::size_t gap = text.find("::");
  if (gap == std::string_view::npos) return parse_groups(text, into.data(), 16) == 16;
  std::array<std::uint8_t, 16> tail{};
  const int before = parse_groups(text.substr(0, gap), into.data(), 14);
  const int after = parse_groups(text.substr(gap + 2), tail.data(), 14);
  if (before < 0 || after < 0 || before + after > 14) return false;
  std::copy_n(tail.begin(), after, into.end() - after);
  return true;
}

struct SpecialBlock {
  std::string_view block;
  IpScope scope;
};

// The first block that holds an address decides.
constexpr SpecialBlock k_special_v4[] = {
    {"10.0.0.0/8", IpScope::private_},          {"172.16.0.0/12", IpScope::private_},
    {"192.168.0.0/16", IpScope::private_},      {"127.0.0.0/8", IpScope::loopback},
    {"100.64.0.0/10", IpScope::shared},         {"169.254.0.0/16", IpScope::link_local},
    {"192.0.2.0/24", IpScope::documentation},   {"198.51.100.0/24", IpScope::documentation},
    {"203.0.113.0/24", IpScope::documentation}, {"0.0.0.0/8", IpScope::reserved},
    {"192.0.0.0/24", IpScope::reserved},        {"198.18.0.0/15", IpScope::reserved},
    {"224.0.0.0/3", IpScope::reserved},
};
// 2002::/16 (6to4) is judged by the IPv4 address inside.
constexpr SpecialBlock k_special_v6[] = {
    {"::1/128", IpScope::loopback},
    {"fe80::/10", IpScope::link_local},
    {"fc00::/7", IpScope::private_},
    {"fec0::/10", IpScope::private_},
    {"2001:db8::/32", IpScope::documentation},
    {"3fff::/20", IpScope::documentation},
    {"2001::/32", IpScope::global},
    {"2001::/23", IpScope::reserved},
    {"2000::/3", IpScope::global},
    {"64:ff9b::/96", IpScope::global},
    {"::/0", IpScope::reserved},
};

template <std::size_t k_count>
auto parsed(const SpecialBlock (&table)[k_count]) {
  std::array<std::pair<IpBlock, IpScope>, k_count> blocks;
  for (std::size_t i = 0; i < k_count; ++i) blocks[i] = {*parse_ip_block(table[i].block), table[i].scope};
  return blocks;
}

}  // namespace

std::string_view name_of(IpScope scope) {
  switch (scope) {
    case IpScope::global: return "global";
    case IpScope::private_: return "private";
    case IpScope::shared: return "shared";
    case IpScope::loopback: return "loopback";
    case IpScope::link_local: return "link_local";
    case IpScope::documentation: return "documentation";
    case IpScope::reserved: return "reserved";
  }
  return "";
}

IpScope scope_of(const IpAddress& address) {
  static const auto v4 = parsed(k_special_v4);
  static const auto v6 = parsed(k_special_v6);
  IpAddress judged = address;
  if (address.is_v6 && address.bytes[0] == 0x20 && address.bytes[1] == 0x02) {
    judged = {};
    std::copy_n(address.bytes.begin() + 2, 4, judged.bytes.begin());
  }
  if (judged.is_v6) {
    for (const auto& [block, scope] : v6) {
      if (block.contains(judged)) return scope;
    }
    return IpScope::reserved;
  }
  for (const auto& [block, scope] : v4) {
    if (block.contains(judged)) return scope;
  }
  return IpScope::global;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.empty() || text.size() > k_text_max) return std::nullopt;
  IpAddress address;
  if (text.find(':') == std::string_view::npos) {
    if (!parse_v4(text, address.bytes.data())) return std::nullopt;
    return address;
  }
  address.is_v6 = true;
  if (!parse_v6(text.substr(0, text.find('%')), address.bytes)) return std::nullopt;
  const bool mapped = std::all_of(address.bytes.begin(), address.bytes.begin() + 10, [](auto b) { return b == 0; }) &&
                      address.bytes[10] == 0xFF && address.bytes[11] == 0xFF;
  if (mapped) {
    IpAddress inner;
    std::copy_n(address.bytes.begin() + 12, 4, inner.bytes.begin());
    return inner;
  }
  return address;
}

std::string text_of(const IpAddress& address) {
  if (!address.is_v6) {
    return fmt::format("{}.{}.{}.{}", address.bytes[0], address.bytes[1], address.bytes[2], address.bytes[3]);
  }
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) {
    groups.at(i) = static_cast<unsigned>(address.bytes.at(2 * i)) << 8 | address.bytes.at(2 * i + 1);
  }
  // The longest run of zero groups, at least two, becomes "::".
  std::size_t gap = 8;
  std::size_t gap_length = 1;
  for (std::size_t from = 0; from < 8; ++from) {
    std::size_t to = from;
    while (to < 8 && groups.at(to) == 0) ++to;
    if (to - from > gap_length) {
      gap = from;
      gap_length = to - from;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == gap) {
      text += "::";
      i += gap_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += fmt::format("{:x}", groups.at(i));
  }
  return text;
}

bool IpBlock::contains(const IpAddress& address) const {
  if (address.is_v6 != first.is_v6) return false;
  for (unsigned bit = 0; bit < prefix_bits; bit += 8) {
    const unsigned left = std::min(8U, prefix_bits - bit);
    const auto mask = static_cast<std::uint8_t>(0xFF00U >> left);
    if (((first.bytes.at(bit / 8) ^ address.bytes.at(bit / 8)) & mask) != 0) return false;
  }
  return true;
}

std::optional<IpBlock> parse_ip_block(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto first = parse_ip(text.substr(0, slash));
  if (!first) return std::nullopt;
  const unsigned bits_max = first->is_v6 ? 128 : 32;
  if (slash == std::string_view::npos) return IpBlock{*first, bits_max};
  const std::size_t bits = decimal(text.substr(slash + 1), 3, bits_max);
  if (bits == SIZE_MAX) return std::nullopt;
  return IpBlock{*first, static_cast<unsigned>(bits)};
}

}  // namespace lastgood::model
