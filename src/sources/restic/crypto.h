// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// restic's encryption container and key derivation: IV(16) || AES-256-CTR ciphertext || Poly1305-AES MAC(16), and
// scrypt (design.rst, "Keys, Encryption and MAC"; D. J. Bernstein, "The Poly1305-AES message-authentication code",
// 2005).
//
// The MAC covers the ciphertext only, not what it is the ciphertext of: blobs of equal length can be swapped by
// somebody without the key. Whoever opens a blob compares its SHA-256 with its id, always.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"
#include "sources/restic/blob_id.h"

namespace lastgood::sources::restic {

/// What opens everything in a repository; also what a password opens its key file with.
struct MasterKey {
  std::array<std::uint8_t, 32> encryption{};
  std::array<std::uint8_t, 16> mac_k{};
  std::array<std::uint8_t, 16> mac_r{};
};

inline constexpr std::size_t k_iv_bytes = 16;
inline constexpr std::size_t k_mac_bytes = 16;
/// What sealing adds.
inline constexpr std::size_t k_seal_bytes = k_iv_bytes + k_mac_bytes;

/// ErrorCode::unsupported when the machine's OpenSSL lacks one of the algorithms (a FIPS setup). Asked once, before all
/// else here.
[[nodiscard]] base::Status check_algorithms();

/// Opens containers sealed with one key. One thread.
class SealOpener {
 public:
  explicit SealOpener(const MasterKey& key);
  ~SealOpener();
  SealOpener(SealOpener&&) noexcept;
  SealOpener& operator=(SealOpener&&) noexcept;

  /// False when `sealed` is too short, its IV is zero, or the MAC is another; then `into` holds nothing of use.
  /// REQUIRES: into.size() + k_seal_bytes == sealed.size() where that is at least k_seal_bytes.
  [[nodiscard]] bool open(base::ByteView sealed, std::span<std::uint8_t> into);

  /// Poly1305-AES of `message`. REQUIRES: iv.size() == k_iv_bytes.
  [[nodiscard]] std::array<std::uint8_t, k_mac_bytes> mac_of(base::ByteView iv, base::ByteView message);

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

/// One container as a value; nothing when it does not open.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> open_sealed(const MasterKey& key, base::ByteView sealed);

/// The SHA-256 of many contents on one thread, without an allocation for each.
class IdHasher {
 public:
  IdHasher();
  ~IdHasher();
  [[nodiscard]] BlobId id_of(base::ByteView bytes);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

/// RFC 7914 as a key file asks for it.
struct ScryptCosts {
  std::uint64_t n = 0;
  std::uint64_t r = 0;
  std::uint64_t p = 0;
};

/// 128 * N * r * p, and so memory and time, stay below this.
inline constexpr std::uint64_t k_scrypt_bytes_max = std::uint64_t{1} << 30;

/// True for what RFC 7914 allows within the limit above.
[[nodiscard]] bool within_limits(const ScryptCosts& costs);

/// The key that `password` makes with `salt`. REQUIRES: within_limits(costs).
[[nodiscard]] base::Result<MasterKey> derive_key(std::string_view password, base::ByteView salt,
                                                 const ScryptCosts& costs);

}  // namespace lastgood::sources::restic
