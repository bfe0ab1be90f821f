// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// MMDB files for tests, written by the format's description and not by our reader.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/ip_address.h"

namespace lastgood::network::testing {

struct MadeMmdb {
  unsigned record_bits = 24;
  unsigned ip_version = 6;
  std::vector<std::pair<std::string, std::string>> blocks;  // "1.2.3.0/24" and its country
  bool nested = false;  // {"country":{"iso_code":..}} instead of {"country_code":..}
};

namespace made {

inline std::string text(const std::string& value) {
  std::string out(1, static_cast<char>(0x40U | value.size()));
  return out + value;  // short texts only
}
inline std::string number(unsigned type, std::uint64_t value) {  // as few bytes as it needs
  std::string bytes;
  for (; value != 0; value >>= 8U) bytes.insert(bytes.begin(), static_cast<char>(value & 0xffU));
  if (type < 8) return std::string(1, static_cast<char>(type << 5U | bytes.size())) + bytes;
  return std::string(1, static_cast<char>(bytes.size())) + std::string(1, static_cast<char>(type - 7)) + bytes;
}
inline std::string map(unsigned members) { return std::string(1, static_cast<char>(7U << 5U | members)); }

}  // namespace made

inline std::string make_mmdb(const MadeMmdb& wanted) {
  struct Node {
    std::int64_t to[2] = {-1, -1};  // -1: nothing; below 2^40 a node; from there on data
  };
  constexpr std::int64_t k_data = std::int64_t{1} << 40;
  std::vector<Node> nodes(1);
  std::string data;
  std::map<std::string, std::int64_t> offsets;
  for (const auto& [text, country] : wanted.blocks) {
    if (!offsets.contains(country)) {
      offsets[country] = static_cast<std::int64_t>(data.size());
      data += wanted.nested
                  ? made::map(1) + made::text("country") + made::map(1) + made::text("iso_code") + made::text(country)
                  : made::map(1) + made::text("country_code") + made::text(country);
    }
    const model::IpBlock block = *model::parse_ip_block(text);
    std::string bits;
    if (wanted.ip_version == 6 && !block.first.is_v6) bits.assign(96, '0');
    for (unsigned bit = 0; bit < block.prefix_bits; ++bit) {
      bits += ((static_cast<unsigned>(block.first.bytes.at(bit / 8)) >> (7U - bit % 8U)) & 1U) != 0 ? '1' : '0';
    }
    std::size_t at = 0;
    for (std::size_t i = 0; i < bits.size(); ++i) {
      const std::size_t side = bits[i] == '1' ? 1 : 0;
      if (i + 1 == bits.size()) {
        nodes[at].to[side] = k_data + offsets[country];
        break;
      }
      if (nodes[at].to[side] < 0 || nodes[at].to[side] >= k_data) {
        const std::int64_t split = nodes[at].to[side];  // what held for the whole block holds for both halves
        nodes[at].to[side] = static_cast<std::int64_t>(nodes.size());
        nodes.push_back({{split, split}});
      }
      at = static_cast<std::size_t>(nodes[at].to[side]);
    }
  }
  std::string out;
  for (const Node& node : nodes) {
    std::uint64_t records[2];
    for (std::size_t side = 0; side < 2; ++side) {
      const std::int64_t to = node.to[side];
      records[side] = to < 0        ? nodes.size()
                      : to < k_data ? static_cast<std::uint64_t>(to)
                                    : nodes.size() + 16 + static_cast<std::uint64_t>(to - k_data);
    }
    const auto put = [&](std::uint64_t value, unsigned bytes) {
      for (unsigned i = bytes; i-- > 0;) out += static_cast<char>((value >> (8U * i)) & 0xffU);
    };
    if (wanted.record_bits == 28) {
      put(records[0] & 0xffffffU, 3);
      put((records[0] >> 24U) << 4U | records[1] >> 24U, 1);
      put(records[1] & 0xffffffU, 3);
    } else {
      put(records[0], wanted.record_bits / 8);
      put(records[1], wanted.record_bits / 8);
    }
  }
  out += std::string(16, '\0') + data + "\xab\xcd\xefMaxMind.com" + made::map(9);
  out += made::text("node_count") + made::number(6, nodes.size());
  out += made::text("record_size") + made::number(5, wanted.record_bits);
  out += made::text("ip_version") + made::number(5, wanted.ip_version);
  out += made::text("database_type") + made::text("made");
  out += made::text("binary_format_major_version") + made::number(5, 2);
  out += made::text("binary_format_minor_version") + made::number(5, 0);
  out += made::text("languages") + std::string("\x00\x04", 2);  // an array of none
  out += made::text("description") + made::map(0);
  return out + made::text("build_epoch") + made::number(9, 1'669'161'600);
}

}  // namespace lastgood::network::testing
