// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/damage/seeded_bytes.h"

#include <fmt/format.h>

#include "base/assert.h"

namespace lastgood::drill {

// SHA-256 over "seed|label|counter", block after block.
SeededBytes::SeededBytes(std::uint64_t seed, std::string_view label) : label_(fmt::format("{}|{}|", seed, label)) {}

void SeededBytes::refill() {
  block_ = base::sha256(base::ByteView(std::string_view(label_ + std::to_string(counter_))));
  ++counter_;
  used_ = 0;
}

std::vector<std::uint8_t> SeededBytes::take(std::size_t count) {
  std::vector<std::uint8_t> out;
  out.reserve(count);
  while (out.size() < count) {
    if (used_ == block_.size()) refill();
    out.push_back(block_[used_++]);
  }
  return out;
}

std::uint64_t SeededBytes::below(std::uint64_t limit) {
  LG_ASSERT(limit > 0);
  const std::vector<std::uint8_t> bytes = take(8);
  return base::ByteView(bytes).le64(0) % limit;
}

std::string SeededBytes::text(std::string_view letters, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += letters[below(letters.size())];
  return out;
}

}  // namespace lastgood::drill
