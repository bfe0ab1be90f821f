// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SHA-256 whose inner state can be copied, noted and gone on from. The state behind every block of a file, noted while
// the file is hashed once, costs nothing, and later tells which blocks are the same: a block leads from the state
// before it to the one behind it, and no other block that anybody could find does.
#pragma once

#include <array>
#include <cstdint>

#include "base/checksum.h"

namespace lastgood::base {

/// A plain value: copying it is cheap and both go on independently.
class Sha256State {
 public:
  static constexpr std::size_t k_block_bytes = 64;

  Sha256State();
  /// Goes on from a state that `noted()` gave after `bytes_before` bytes. REQUIRES: a multiple of k_block_bytes.
  Sha256State(const Sha256Digest& noted, std::uint64_t bytes_before);

  void update(ByteView bytes);
  /// The digest of what came so far; this state is not touched.
  [[nodiscard]] Sha256Digest digest() const;
  /// The inner state, big-endian as in FIPS 180-4. REQUIRES: a multiple of k_block_bytes came so far.
  [[nodiscard]] Sha256Digest noted() const;

 private:
  // OpenSSL's SHA256_CTX, which its header declares deprecated and no caller needs to see.
  static constexpr std::size_t k_context_bytes = 112;
  alignas(8) std::array<std::uint8_t, k_context_bytes> context_{};
};

}  // namespace lastgood::base
