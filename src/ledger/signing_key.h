// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Ed25519 keys (RFC 8032) that sign tree heads, in the PEM forms that `openssl pkeyutl` reads: PKCS#8, encrypted by a
// passphrase (PBES2, AES-256, PBKDF2-HMAC-SHA-256), and SubjectPublicKeyInfo. Pure.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/checksum.h"
#include "base/result.h"

namespace lastgood::ledger {

inline constexpr std::size_t k_signature_bytes = 64;
inline constexpr std::size_t k_pem_bytes_max = 64U * 1024U;

/// One thread at a time.
class SigningKey {
 public:
  struct State;
  explicit SigningKey(std::unique_ptr<State> state);
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;
  ~SigningKey();

  /// 64 bytes; the same bytes give the same signature.
  [[nodiscard]] std::string sign(std::string_view bytes) const;
  [[nodiscard]] std::string public_pem() const;
  /// Without a passphrase the key lies open: for keys on a card or disk that is locked away.
  [[nodiscard]] std::string private_pem(std::string_view passphrase) const;

 private:
  std::unique_ptr<State> state_;
};

[[nodiscard]] SigningKey make_signing_key();
/// ErrorCode::denied for a wrong or missing passphrase or a file that holds no Ed25519 key.
[[nodiscard]] base::Result<SigningKey> parse_signing_key(std::string_view pem, std::string_view passphrase);

/// False also when `public_pem` is no Ed25519 key, or `signature` no signature.
[[nodiscard]] bool holds_signature(std::string_view public_pem, std::string_view bytes, std::string_view signature);
/// SHA-256 of the key's DER form, as `openssl pkey -pubin -outform DER | sha256sum` gives it; nothing for no key.
[[nodiscard]] std::optional<base::Sha256Digest> key_fingerprint(std::string_view public_pem);

}  // namespace lastgood::ledger
