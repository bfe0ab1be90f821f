// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/lmdb/lmdb_pages.h"

#include <bit>

namespace lastgood::engines::lmdb {

using base::ByteView;

namespace {

constexpr std::uint64_t k_header_bytes = 16;
constexpr std::uint16_t k_branch = 0x01;
constexpr std::uint16_t k_leaf = 0x02;
constexpr std::uint16_t k_meta = 0x08;
constexpr std::uint16_t k_leaf_fixed = 0x20;  // keys of one length, without nodes
constexpr std::uint16_t k_node_overflow = 0x01;
constexpr std::uint16_t k_node_database = 0x02;

std::uint64_t child_of(ByteView node) {
  return std::uint64_t{node.le16(0)} | std::uint64_t{node.le16(2)} << 16 | std::uint64_t{node.le16(4)} << 32;
}

}  // namespace

std::optional<Meta> parse_meta(ByteView page) {
  const ByteView meta = page.part(k_header_bytes);
  if ((page.le16(10) & k_meta) == 0 || meta.le32(0) != 0xBEEFC0DE || meta.le32(4) != 1 || !meta.has(0, 136))
    return std::nullopt;
  const Meta parsed{.page_bytes = meta.le32(24),
                    .map_bytes = meta.le64(16),
                    .free_root = meta.le64(24 + 40),
                    .main_root = meta.le64(72 + 40),
                    .last_page = meta.le64(120),
                    .transaction = meta.le64(128)};
  if (parsed.page_bytes < 256 || parsed.page_bytes > 65536 || !std::has_single_bit(parsed.page_bytes))
    return std::nullopt;
  return parsed;
}

PageLinks parse_page(ByteView page, std::uint64_t number) {
  PageLinks links;
  const std::uint16_t flags = page.le16(10);
  const std::uint64_t lower = page.le16(12);
  const std::uint64_t upper = page.le16(14);
  const auto bad = [&](std::string_view fault) {
    links.fault = fault;
    return links;
  };
  if (page.le64(0) != number) return bad("its number is not that of its place");
  const bool is_branch = (flags & k_branch) != 0;
  if (!is_branch && (flags & k_leaf) == 0) return bad("a tree leads to it and it is no page of a tree");
  if (lower < k_header_bytes || lower > page.size() || (upper > page.size() && (flags & k_leaf_fixed) == 0))
    return bad("its bounds cannot be");
  if ((flags & k_leaf_fixed) != 0) return links;
  if (lower > upper) return bad("its bounds cannot be");
  for (std::uint64_t at = k_header_bytes; at + 2 <= lower; at += 2) {
    const std::uint64_t node_at = page.le16(at);
    if (node_at < upper || node_at + 8 > page.size()) return bad("a node lies outside its page");
    const ByteView node = page.part(node_at);
    const std::uint64_t key_bytes = node.le16(6);
    if (!node.has(8, key_bytes)) return bad("a key crosses the end of its page");
    if (is_branch) {
      links.children.push_back(child_of(node));
      continue;
    }
    const ByteView data = node.part(8 + key_bytes);
    const std::uint16_t node_flags = node.le16(4);
    if ((node_flags & k_node_overflow) != 0) {
      links.overflows.push_back(data.le64(0));
    } else if ((node_flags & k_node_database) != 0) {
      if (!data.has(0, 48)) return bad("a database's record crosses the end of its page");
      if (data.le64(40) != k_no_root) links.children.push_back(data.le64(40));
    } else if (!data.has(0, node.le32(0))) {
      return bad("a value crosses the end of its page");
    }
  }
  return links;
}

}  // namespace lastgood::engines::lmdb
