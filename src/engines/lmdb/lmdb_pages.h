// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// LMDB's pages (lmdb.h and mdb.c of LMDB 0.9; data version 1). Pure.
//
//   page  = number(8) pad(2) flags(2) lower(2) upper(2) ...      of an overflow page: pages(4) in place of the bounds
//   meta  = page header, magic(4) version(4) address(8) map size(8) database[2] last page(8) transaction(8)
//   database = pad(4) flags(2) depth(2) branch(8) leaf(8) overflow(8) entries(8) root(8)
//   node  = low(2) high(2) flags(2) key length(2) key data       of a branch: low, high and flags are the child's
//   number
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::engines::lmdb {

inline constexpr std::uint64_t k_no_root = UINT64_MAX;

struct Meta {
  std::uint32_t page_bytes = 0;
  std::uint64_t map_bytes = 0;
  std::uint64_t free_root = 0;
  std::uint64_t main_root = 0;
  std::uint64_t last_page = 0;
  std::uint64_t transaction = 0;
};
std::optional<Meta> parse_meta(base::ByteView page);

/// What a page in a tree leads to.
struct PageLinks {
  std::string_view fault;
  std::vector<std::uint64_t> children;  // tree pages: of branches, and roots of named databases
  std::vector<std::uint64_t> overflows;
};
PageLinks parse_page(base::ByteView page, std::uint64_t number);

}  // namespace lastgood::engines::lmdb
