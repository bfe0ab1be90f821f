// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Checksums that file formats use, and the digest that names contents.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::base {

/// CRC-32 (ISO 3309, polynomial 0xEDB88320), continuing from `seed`. Start with 0.
std::uint32_t crc32(ByteView bytes, std::uint32_t seed = 0);
/// CRC-32C (Castagnoli, RFC 3720), continuing from `seed`. Start with 0.
std::uint32_t crc32c(ByteView bytes, std::uint32_t seed = 0);
/// Adler-32 (RFC 1950), continuing from `seed`. Start with 1.
std::uint32_t adler32(ByteView bytes, std::uint32_t seed = 1);

using Sha256Digest = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4) of bytes that come in pieces. One thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(ByteView bytes);
  /// Ends the digest and begins a new one.
  Sha256Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256Digest sha256(ByteView bytes);

/// SHA3-256 (FIPS 202) of one piece.
Sha256Digest sha3_256(ByteView bytes);

/// Lower-case hexadecimal.
std::string hex(ByteView bytes);
/// Bytes of hexadecimal digits, lower or upper case; nothing when it is none.
[[nodiscard]] std::optional<std::string> parse_hex(std::string_view digits);

}  // namespace lastgood::base
