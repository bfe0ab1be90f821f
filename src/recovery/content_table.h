// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ContentTable: content keys, each once, numbered in the order they came. Keys in one array and a table of numbers: 48
// bytes a content at most. Keys may be made up to collide: the hash has a secret seed.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lastgood::recovery {

class ContentTable {
 public:
  static constexpr std::uint32_t k_none = UINT32_MAX;
  static constexpr std::size_t k_key_bytes = 32;

  ContentTable();

  struct Added {
    std::uint32_t number = k_none;  // k_none: the table is full, at four thousand million
    bool is_new = false;
  };
  /// REQUIRES: key.size() == k_key_bytes.
  Added add(std::string_view key);
  /// k_none: no content has this key.
  [[nodiscard]] std::uint32_t find(std::string_view key) const;
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  /// REQUIRES: number < size().
  [[nodiscard]] std::string_view key(std::uint32_t number) const { return {keys_.at(number).data(), k_key_bytes}; }

 private:
  using Key = std::array<char, k_key_bytes>;
  [[nodiscard]] std::uint64_t hash_of(std::string_view key) const;
  /// Where the key's number stands or would stand.
  [[nodiscard]] std::size_t slot_of(std::string_view key) const;
  void grow();

  std::array<std::uint64_t, k_key_bytes / 8> seeds_{};
  std::vector<Key> keys_;
  std::vector<std::uint32_t> slots_;  // numbers; at most half of them taken; 2^(64 - shift_)
  unsigned shift_ = 0;
};

}  // namespace lastgood::recovery
