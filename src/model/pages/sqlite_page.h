// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One page of an SQLite 3 database, checked by itself ("Database File Format", sections 1.5 to 1.8).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::model::pages {

/// What every page of one database has in common.
struct SqliteLayout {
  std::uint32_t page_bytes = 0;
  std::uint32_t usable_bytes = 0;  // without the reserved bytes at the end of each page
  std::uint64_t page_count = 0;
  bool has_pointer_map = false;  // auto-vacuum

  /// Page (from 1) that covers byte 2^30, where only locks are: it is never used.
  [[nodiscard]] std::uint64_t lock_page() const { return 0x40000000 / page_bytes + 1; }
  [[nodiscard]] bool is_pointer_map(std::uint64_t page_number) const;
  [[nodiscard]] bool is_page(std::uint32_t page_number) const { return page_number >= 1 && page_number <= page_count; }
};

bool is_btree_type(std::uint8_t type);

/// Each gives why the page cannot be one of its kind; empty when it can. `page_number` counts from 1.
std::string_view find_btree_fault(const SqliteLayout& layout, std::uint64_t page_number, base::ByteView page);
std::string_view find_pointer_map_fault(const SqliteLayout& layout, std::uint64_t page_number, base::ByteView page);
std::string_view find_overflow_fault(const SqliteLayout& layout, base::ByteView page);
std::string_view find_trunk_fault(const SqliteLayout& layout, base::ByteView page);

}  // namespace lastgood::model::pages
