// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ContentHash: XXH3-128 with a seed secret to the journal. It finds bit rot and carelessness, at a twentieth of what
// SHA-256 costs. That bytes are the right ones is proven before: the source hashes each piece against its name, and the
// plan's content key is compared. Not proof against whoever can read the journal; the case is private.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "base/byte_view.h"

namespace lastgood::recovery::restore {

using Hash128 = std::array<std::uint8_t, 16>;

/// Of bytes that come in pieces. One thread. Usable again after `begin`.
class ContentHash {
 public:
  explicit ContentHash(std::uint64_t seed);
  ~ContentHash();
  ContentHash(const ContentHash&) = delete;
  ContentHash& operator=(const ContentHash&) = delete;
  void begin();
  void update(base::ByteView bytes);
  [[nodiscard]] Hash128 finish() const;
  [[nodiscard]] std::uint64_t seed() const { return seed_; }

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::uint64_t seed_;
};

[[nodiscard]] Hash128 content_hash(base::ByteView bytes, std::uint64_t seed);

}  // namespace lastgood::recovery::restore
