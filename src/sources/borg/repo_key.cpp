// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/repo_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <vector>

#include "base/assert.h"
#include "sources/borg/msgpack_reader.h"

namespace lastgood::sources::borg {

namespace {

constexpr std::size_t k_key_bytes = 32;
constexpr std::size_t k_blake2_key_bytes = 128;
// Keys that borg made before 1.0.
constexpr int k_passphrase_iterations = 100'000;

base::Error damaged_key(std::string what) {
  return {
      .code = base::ErrorCode::denied, .what = std::move(what), .hint = "give the key as 'borg key export' wrote it"};
}

using Bytes = std::vector<std::uint8_t>;

const std::uint8_t* bytes_of_text(std::string_view text) { return base::ByteView(text).begin(); }

std::string text_of(const Bytes& bytes) { return std::string(base::ByteView(bytes).text()); }

std::string derive(std::string_view password, std::string_view salt, int iterations, std::size_t length) {
  Bytes out(length);
  LG_ASSERT(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), bytes_of_text(salt),
                              static_cast<int>(salt.size()), iterations, EVP_sha256(), static_cast<int>(length),
                              out.data()) == 1);
  return text_of(out);
}

std::string decrypt_ctr(std::string_view key, std::string_view text) {
  const std::array<std::uint8_t, 16> counter{};
  Bytes out(text.size());
  EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
  int length = 0;
  LG_ASSERT(context != nullptr &&
            EVP_DecryptInit_ex(context, EVP_aes_256_ctr(), nullptr, bytes_of_text(key), counter.data()) == 1 &&
            EVP_DecryptUpdate(context, out.data(), &length, bytes_of_text(text), static_cast<int>(text.size())) == 1);
  EVP_CIPHER_CTX_free(context);
  return text_of(out);
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  Bytes out(32);
  unsigned length = 32;
  LG_ASSERT(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of_text(text), text.size(), out.data(),
                 &length) != nullptr);
  return text_of(out);
}

bool is_key_length(const std::string& key) { return key.size() == k_key_bytes || key.size() == k_blake2_key_bytes; }

}  // namespace

std::optional<KeyKind> key_kind_of(std::uint8_t type_byte) {
  if (type_byte > 0x07) return std::nullopt;
  return static_cast<KeyKind>(type_byte);
}

std::string_view name_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::keyfile: return "keyfile";
    case KeyKind::passphrase: return "passphrase";
    case KeyKind::none: return "none";
    case KeyKind::repokey: return "repokey";
    case KeyKind::keyfile_blake2: return "keyfile-blake2";
    case KeyKind::repokey_blake2: return "repokey-blake2";
    case KeyKind::authenticated_blake2: return "authenticated-blake2";
    case KeyKind::authenticated: return "authenticated";
  }
  return "unknown";
}

bool is_encrypted(KeyKind kind) {
  return kind != KeyKind::none && kind != KeyKind::authenticated && kind != KeyKind::authenticated_blake2;
}

bool is_blake2(KeyKind kind) {
  return kind == KeyKind::keyfile_blake2 || kind == KeyKind::repokey_blake2 || kind == KeyKind::authenticated_blake2;
}

base::Result<KeyBlob> parse_key_blob(base::ByteView bytes) {
  MsgpackReader reader(bytes);
  KeyBlob blob;
  std::int64_t version = 0;
  std::int64_t iterations = 0;
  std::string algorithm;
  const std::uint32_t pairs = reader.read_map();
  for (std::uint32_t i = 0; i < pairs && reader.ok(); ++i) {
    const std::string_view name = reader.read_text();
    if (name == "version") {
      version = reader.read_integer();
    } else if (name == "iterations") {
      iterations = reader.read_integer();
    } else if (name == "algorithm") {
      algorithm = reader.read_text();
    } else if (name == "salt") {
      blob.salt = reader.read_text();
    } else if (name == "hash") {
      blob.check = reader.read_text();
    } else if (name == "data") {
      blob.locked = reader.read_text();
    } else {
      reader.skip();
    }
  }
  if (!reader.ok())
    return damaged_key("the key is no key of borg: its " + std::to_string(bytes.size()) + " bytes end early");
  if (version != 1 || algorithm != "sha256") {
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "the key has version " + std::to_string(version) + " and algorithm '" +
                               base::printable(algorithm) + "', known are version 1 and 'sha256'",
                       .hint = "repositories of borg 2 cannot be read"};
  }
  if (iterations < 1 || iterations > k_iterations_max) {
    return damaged_key("the key asks for " + std::to_string(iterations) + " rounds, at most " +
                       std::to_string(k_iterations_max) + " are done");
  }
  if (blob.salt.empty() || blob.salt.size() > 1024 || blob.check.size() != 32 || blob.locked.empty() ||
      blob.locked.size() > 4096) {
    return damaged_key("the key lacks its salt, its check value or its encrypted part");
  }
  blob.iterations = static_cast<std::uint32_t>(iterations);
  return blob;
}

base::Result<RepoKey> parse_repo_key(base::ByteView bytes) {
  MsgpackReader reader(bytes);
  RepoKey key;
  std::int64_t version = 0;
  const std::uint32_t pairs = reader.read_map();
  for (std::uint32_t i = 0; i < pairs && reader.ok(); ++i) {
    const std::string_view name = reader.read_text();
    if (name == "version") {
      version = reader.read_integer();
    } else if (name == "repository_id") {
      key.repository_id = reader.read_text();
    } else if (name == "enc_key") {
      key.cipher_key = reader.read_text();
    } else if (name == "enc_hmac_key") {
      key.mac_key = reader.read_text();
    } else if (name == "id_key") {
      key.id_key = reader.read_text();
    } else if (name == "tam_required") {
      key.tam_required = reader.read_boolean();
    } else {
      reader.skip();
    }
  }
  if (!reader.ok()) return damaged_key("the opened key ends early");
  if (version != 1) {
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "the opened key has version " + std::to_string(version) + ", known is 1",
                       .hint = "repositories of borg 2 cannot be read"};
  }
  if (key.repository_id.size() != 32 || key.cipher_key.size() != k_key_bytes || !is_key_length(key.mac_key) ||
      key.mac_key.size() != key.id_key.size()) {
    return damaged_key("the opened key has keys of " + std::to_string(key.cipher_key.size()) + ", " +
                       std::to_string(key.mac_key.size()) + " and " + std::to_string(key.id_key.size()) + " bytes");
  }
  return key;
}

base::Result<RepoKey> unlock_key(const KeyBlob& blob, std::string_view password) {
  LG_ASSERT(blob.iterations >= 1 && blob.iterations <= k_iterations_max);
  if (password.size() > 65'536) return base::Error{.code = base::ErrorCode::misuse, .what = "the password is too long"};
  const std::string kek = derive(password, blob.salt, static_cast<int>(blob.iterations), k_key_bytes);
  const std::string opened = decrypt_ctr(kek, blob.locked);
  const std::string check = hmac_sha256(kek, opened);
  if (CRYPTO_memcmp(check.data(), blob.check.data(), check.size()) != 0) {
    return base::Error{.code = base::ErrorCode::denied,
                       .what = "the password does not open the key of this repository",
                       .hint = "it is the passphrase that borg asks for; a key file may have another one"};
  }
  return parse_repo_key(base::ByteView(std::string_view(opened)));
}

RepoKey derive_passphrase_key(std::string_view repository_id, std::string_view password) {
  LG_ASSERT(repository_id.size() == 32);
  const std::string made = derive(password, repository_id, k_passphrase_iterations, 100);
  return {.repository_id = std::string(repository_id),
          .cipher_key = made.substr(0, 32),
          .mac_key = made.substr(32, 32),
          .id_key = made.substr(64, 32)};
}

}  // namespace lastgood::sources::borg
