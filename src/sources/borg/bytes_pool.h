// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// BytesPool: every run of bytes once, named by a number. What a million files times thirty archives fit into memory by.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace lastgood::sources::borg {

/// Grows only. Views stay valid as long as the pool. One thread, or many that only look.
class BytesPool {
 public:
  BytesPool();
  /// The number of `bytes`, new or known. Number 0 is the empty run. At most 2^32 - 2 runs below 4 GiB each.
  std::uint32_t intern(std::string_view bytes);
  [[nodiscard]] std::string_view at(std::uint32_t number) const;
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(places_.size()); }

 private:
  struct Place {
    std::uint32_t block = 0;
    std::uint32_t offset_bytes = 0;
  };
  void grow();
  Place store(std::string_view bytes);
  [[nodiscard]] std::uint64_t hash_of(std::string_view bytes) const;

  std::uint64_t seed_;  // secret: nobody who writes an archive can make the table slow
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::uint32_t block_bytes_ = 0;  // of the last common block
  std::uint32_t room_from_ = 0;    // in it
  std::uint32_t common_block_ = UINT32_MAX;
  std::vector<Place> places_;
  std::vector<std::uint32_t> slots_;  // number + 1; 0 is free
};

}  // namespace lastgood::sources::borg
