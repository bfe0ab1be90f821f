// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The keys of a repository: how they are kept (config, key file, paper key) and how a password opens them.
// Facts: borg documentation, "Data structures and file formats", section "Key files"; "Security".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_view.h"
#include "base/result.h"

namespace lastgood::sources::borg {

/// The first byte of every object says how it was packed.
enum class KeyKind : std::uint8_t {
  keyfile = 0x00,
  passphrase = 0x01,  // borg before 1.0; later versions read it as repokey
  none = 0x02,
  repokey = 0x03,
  keyfile_blake2 = 0x04,
  repokey_blake2 = 0x05,
  authenticated_blake2 = 0x06,
  authenticated = 0x07,
};

[[nodiscard]] std::optional<KeyKind> key_kind_of(std::uint8_t type_byte);
/// As `borg init --encryption` names it.
[[nodiscard]] std::string_view name_of(KeyKind kind);
[[nodiscard]] bool is_encrypted(KeyKind kind);
[[nodiscard]] bool is_blake2(KeyKind kind);

/// All empty for KeyKind::none.
struct RepoKey {
  std::string repository_id;  // 32 bytes
  std::string cipher_key;     // 32 bytes, AES-256
  std::string mac_key;        // 32 bytes, or 128 for BLAKE2b
  std::string id_key;         // likewise
  bool tam_required = false;  // the manifest must say itself that it is genuine
};

/// The blob as it is kept: PBKDF2 parameters and the encrypted keys.
struct KeyBlob {
  std::string salt;
  std::uint32_t iterations = 0;
  std::string check;  // HMAC-SHA256 of the decrypted keys
  std::string locked;
};

/// More rounds than this are refused: some seconds on a slow machine; borg itself writes 100,000.
inline constexpr std::uint32_t k_iterations_max = 20'000'000;

/// From what people have: a key file ("BORG_KEY ..." and base64), plain base64, or a paper key ("BORG PAPER KEY v1",
/// lines with checksums). Gives the blob's bytes; ErrorCode::misuse says which line is wrong.
[[nodiscard]] base::Result<std::string> parse_key_text(std::string_view text);

/// ErrorCode::unsupported for other versions or algorithms, ErrorCode::damaged_source for bytes that are none.
[[nodiscard]] base::Result<KeyBlob> parse_key_blob(base::ByteView bytes);

/// The decrypted part of a blob.
[[nodiscard]] base::Result<RepoKey> parse_repo_key(base::ByteView bytes);

/// ErrorCode::denied when the password does not open the blob.
[[nodiscard]] base::Result<RepoKey> unlock_key(const KeyBlob& blob, std::string_view password);

/// Keys of repositories older than borg 1.0 without any blob: made from the password alone. Always gives keys, whether
/// they are right shows when the manifest is read. REQUIRES: repository_id has 32 bytes.
[[nodiscard]] RepoKey derive_passphrase_key(std::string_view repository_id, std::string_view password);

/// Bytes of hexadecimal digits; nothing when they are none.
[[nodiscard]] std::optional<std::string> parse_hex(std::string_view digits);

}  // namespace lastgood::sources::borg
