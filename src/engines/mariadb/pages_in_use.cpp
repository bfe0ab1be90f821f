// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/pages_in_use.h"

#include <span>

namespace lastgood::engines::mariadb {

using base::ByteView;

namespace {

constexpr std::uint64_t k_entries_at = 150;
constexpr std::uint64_t k_state_at = 20;
constexpr std::uint64_t k_bitmap_at = 24;
constexpr std::uint32_t k_state_used_min = 2;  // 0: never used, 1: all of the extent is free
constexpr std::uint32_t k_state_max = 4;

/// An extent is a mebibyte, of large pages 64 of them; of compressed pages as many as if they were not.
std::uint64_t extent_pages_of(const model::pages::InnodbLayout& layout) {
  if (layout.is_zipped || layout.page_bytes >= 16384) return 64;
  return 1024 * 1024 / layout.page_bytes;
}

}  // namespace

PagesInUse::PagesInUse(const model::pages::InnodbLayout& layout)
    : layout_(layout),
      extent_pages_(extent_pages_of(layout)),
      entry_bytes_(k_bitmap_at + (extent_pages_ * 2 + 7) / 8) {}

void PagesInUse::take(std::uint64_t number, ByteView page) {
  first_ = number;
  kept_.assign(page.begin(), page.end());
}

bool PagesInUse::has(std::uint64_t number) const {
  if (number < first_ || number >= end()) return false;
  const ByteView page{std::span<const std::uint8_t>(kept_)};
  const std::uint64_t within = number - first_;
  const std::uint64_t entry_at = k_entries_at + within / extent_pages_ * entry_bytes_;
  if (!page.has(entry_at, entry_bytes_)) return false;
  const std::uint32_t state = page.be32(entry_at + k_state_at);
  if (state < k_state_used_min || state > k_state_max) return false;
  const std::uint64_t bit = within % extent_pages_ * 2;
  return (page.u8(entry_at + k_bitmap_at + bit / 8) >> (bit % 8) & 1U) == 0;
}

}  // namespace lastgood::engines::mariadb
