// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/content_table.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "base/assert.h"
#include "os/random.h"

namespace lastgood::recovery {

namespace {

constexpr unsigned k_first_slots_log2 = 10;

}  // namespace

ContentTable::ContentTable() : slots_(std::size_t{1} << k_first_slots_log2, k_none), shift_(64 - k_first_slots_log2) {
  std::array<std::uint8_t, sizeof seeds_> bytes{};
  os::fill_random(bytes);
  std::memcpy(seeds_.data(), bytes.data(), bytes.size());
}

/// Multiply-shift over the words, each with its own secret odd factor (Dietzfelbinger et al., 1997): only the highest
/// bits are any good.
std::uint64_t ContentTable::hash_of(std::string_view key) const {
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < seeds_.size(); ++i) {
    std::uint64_t word = 0;
    std::memcpy(&word, key.data() + 8 * i, sizeof word);
    hash += word * (seeds_[i] | 1U);
  }
  return hash;
}

std::size_t ContentTable::slot_of(std::string_view key) const {
  const std::size_t mask = slots_.size() - 1;
  auto slot = static_cast<std::size_t>(hash_of(key) >> shift_);
  while (slots_[slot] != k_none && this->key(slots_[slot]) != key) slot = (slot + 1) & mask;
  return slot;
}

ContentTable::Added ContentTable::add(std::string_view key) {
  LG_ASSERT(key.size() == k_key_bytes);
  std::size_t slot = slot_of(key);
  if (slots_[slot] != k_none) return {.number = slots_[slot], .is_new = false};
  if (keys_.size() == k_none - 1) return {};
  if (2 * (keys_.size() + 1) > slots_.size()) {
    grow();
    slot = slot_of(key);
  }
  const auto number = static_cast<std::uint32_t>(keys_.size());
  std::copy(key.begin(), key.end(), keys_.emplace_back().begin());
  slots_[slot] = number;
  return {.number = number, .is_new = true};
}

std::uint32_t ContentTable::find(std::string_view key) const {
  return key.size() == k_key_bytes ? slots_[slot_of(key)] : k_none;
}

void ContentTable::grow() {
  slots_.assign(2 * slots_.size(), k_none);
  --shift_;
  for (std::uint32_t number = 0; number < keys_.size(); ++number) slots_[slot_of(key(number))] = number;
}

}  // namespace lastgood::recovery
