// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/object_codec.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <sodium/core.h>
#include <sodium/crypto_generichash_blake2b.h>

#include "base/assert.h"
#include "base/checksum.h"

namespace lastgood::sources::borg {

using base::ByteView;
using Bytes = std::vector<std::uint8_t>;
using Trouble = std::optional<std::string>;

namespace {

constexpr std::size_t k_mac_offset = 1;
constexpr std::size_t k_nonce_offset = 33;
constexpr std::size_t k_cipher_offset = 41;
constexpr std::size_t k_sha256_block_bytes = 64;

const std::uint8_t* bytes_of(std::string_view text) { return ByteView(text).begin(); }

/// HMAC-SHA256 with a key that stays: both paddings are digested once and the states copied for every message.
class KeyedSha256 {
 public:
  explicit KeyedSha256(std::string_view key) {
    LG_ASSERT(key.size() <= k_sha256_block_bytes);
    Bytes block(k_sha256_block_bytes, 0);
    std::copy(key.begin(), key.end(), block.begin());
    begin(inner_, block, 0x36);
    begin(outer_, block, 0x5C);
  }
  ~KeyedSha256() {
    EVP_MD_CTX_free(inner_);
    EVP_MD_CTX_free(outer_);
    EVP_MD_CTX_free(work_);
  }
  KeyedSha256(const KeyedSha256&) = delete;
  KeyedSha256& operator=(const KeyedSha256&) = delete;

  ObjectId of(ByteView message) {
    ObjectId digest{};
    finish(inner_, message, digest);
    finish(outer_, ByteView(digest), digest);
    return digest;
  }

 private:
  static void begin(EVP_MD_CTX* context, Bytes block, std::uint8_t padding) {
    for (std::uint8_t& byte : block) byte = static_cast<std::uint8_t>(byte ^ padding);
    LG_ASSERT(context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1 &&
              EVP_DigestUpdate(context, block.data(), block.size()) == 1);
  }
  void finish(const EVP_MD_CTX* from, ByteView message, ObjectId& digest) {
    unsigned length = 0;
    LG_ASSERT(EVP_MD_CTX_copy_ex(work_, from) == 1 && EVP_DigestUpdate(work_, message.begin(), message.size()) == 1 &&
              EVP_DigestFinal_ex(work_, digest.data(), &length) == 1 && length == digest.size());
  }

  EVP_MD_CTX* inner_ = EVP_MD_CTX_new();
  EVP_MD_CTX* outer_ = EVP_MD_CTX_new();
  EVP_MD_CTX* work_ = EVP_MD_CTX_new();
};

/// BLAKE2b-256 of the 128 key bytes and the message: the key is one whole block, digested once.
class PrefixedBlake2b {
 public:
  explicit PrefixedBlake2b(std::string_view key) {
    // Chooses the implementation for this processor; without it the portable one is used, at half the speed.
    static const bool ready = sodium_init() >= 0;
    LG_ASSERT(ready);
    LG_ASSERT(crypto_generichash_blake2b_init(&start_, nullptr, 0, 32) == 0 &&
              crypto_generichash_blake2b_update(&start_, bytes_of(key), key.size()) == 0);
  }
  ObjectId of(ByteView message) {
    ObjectId digest{};
    crypto_generichash_blake2b_state work = start_;
    LG_ASSERT(crypto_generichash_blake2b_update(&work, message.begin(), message.size()) == 0 &&
              crypto_generichash_blake2b_final(&work, digest.data(), digest.size()) == 0);
    return digest;
  }

 private:
  crypto_generichash_blake2b_state start_{};
};

}  // namespace

struct ObjectCodec::Libraries {
  EVP_CIPHER_CTX* cipher = nullptr;
  std::optional<KeyedSha256> sha_mac;
  std::optional<KeyedSha256> sha_id;
  std::optional<PrefixedBlake2b> blake_mac;
  std::optional<PrefixedBlake2b> blake_id;
};

ObjectCodec::ObjectCodec(KeyKind kind, const RepoKey& key)
    : kind_(kind), key_(key), libraries_(std::make_unique<Libraries>()) {
  if (is_encrypted(kind)) {
    LG_ASSERT(key.cipher_key.size() == 32);
    libraries_->cipher = EVP_CIPHER_CTX_new();
    LG_ASSERT(libraries_->cipher != nullptr && EVP_DecryptInit_ex(libraries_->cipher, EVP_aes_256_ctr(), nullptr,
                                                                  bytes_of(key.cipher_key), nullptr) == 1);
  }
  if (kind == KeyKind::none) return;
  if (is_blake2(kind)) {
    libraries_->blake_mac.emplace(key.mac_key);
    libraries_->blake_id.emplace(key.id_key);
  } else {
    libraries_->sha_mac.emplace(key.mac_key);
    libraries_->sha_id.emplace(key.id_key);
  }
}

ObjectCodec::~ObjectCodec() {
  EVP_CIPHER_CTX_free(libraries_->cipher);
  OPENSSL_cleanse(key_.cipher_key.data(), key_.cipher_key.size());
}

ObjectId ObjectCodec::id_of(ByteView plain) {
  if (kind_ == KeyKind::none) return base::sha256(plain);
  return is_blake2(kind_) ? libraries_->blake_id->of(plain) : libraries_->sha_id->of(plain);
}

bool ObjectCodec::mac_fits(ByteView sealed) {
  const ByteView message = sealed.part(k_nonce_offset);
  const ObjectId mac = is_blake2(kind_) ? libraries_->blake_mac->of(message) : libraries_->sha_mac->of(message);
  return CRYPTO_memcmp(mac.data(), sealed.part(k_mac_offset, mac.size()).begin(), mac.size()) == 0;
}

void ObjectCodec::decrypt(ByteView sealed) {
  std::array<std::uint8_t, 16> counter{};
  for (std::size_t i = 0; i < 8; ++i) counter[8 + i] = sealed.u8(k_nonce_offset + i);
  const ByteView text = sealed.part(k_cipher_offset);
  decrypted_.resize(text.size());
  int length = 0;
  LG_ASSERT(text.size() <= INT32_MAX &&
            EVP_DecryptInit_ex(libraries_->cipher, nullptr, nullptr, nullptr, counter.data()) == 1 &&
            EVP_DecryptUpdate(libraries_->cipher, decrypted_.data(), &length, text.begin(),
                              static_cast<int>(text.size())) == 1);
}

Trouble ObjectCodec::take_envelope(ByteView sealed, ByteView& payload) {
  const std::uint8_t type = sealed.u8(0);
  // Repositories that began with a passphrase key hold both types after their key was moved into the config.
  const bool same = type == static_cast<std::uint8_t>(kind_) ||
                    (kind_ == KeyKind::repokey && type == static_cast<std::uint8_t>(KeyKind::passphrase)) ||
                    (kind_ == KeyKind::passphrase && type == static_cast<std::uint8_t>(KeyKind::repokey));
  if (sealed.empty() || !same) return "envelope of type " + std::to_string(type) + " in a repository of another";
  if (!is_encrypted(kind_)) {
    payload = sealed.part(1);
    return std::nullopt;
  }
  if (!sealed.has(k_cipher_offset, 1)) return "envelope of " + std::to_string(sealed.size()) + " bytes";
  decrypt(sealed);
  payload = ByteView(decrypted_);
  return std::nullopt;
}

Trouble ObjectCodec::open(ByteView sealed, const ObjectId& id, std::optional<std::uint32_t> expected_bytes,
                          Bytes& out) {
  ByteView payload;
  if (Trouble trouble = take_envelope(sealed, payload)) return trouble;
  Trouble trouble = payload_reader_.unpack(payload, expected_bytes, out);
  if (!trouble && id_of(ByteView(out)) == id) return std::nullopt;
  if (is_encrypted(kind_) && !mac_fits(sealed)) return "its message authentication code does not fit";
  return trouble ? trouble : "its bytes do not have the digest that it is named by";
}

Trouble ObjectCodec::open_manifest(ByteView sealed, Bytes& out) {
  ByteView payload;
  if (Trouble trouble = take_envelope(sealed, payload)) return trouble;
  if (is_encrypted(kind_) && !mac_fits(sealed)) return "its message authentication code does not fit";
  return payload_reader_.unpack(payload, std::nullopt, out);
}

bool ObjectCodec::tam_fits(ByteView message, std::size_t mac_offset, std::string_view salt,
                           std::string_view context) const {
  constexpr std::size_t k_mac_bytes = 64;
  if (!message.has(mac_offset, k_mac_bytes) || salt.size() > 1024) return false;
  Bytes tam_key;
  if (kind_ == KeyKind::none) {
    // Without keys this is a checksum: anybody can make it.
    const std::string key = std::string(salt) + std::string(context);
    tam_key.assign(key.begin(), key.end());
  } else {
    tam_key.resize(64);
    std::string secret = key_.id_key + key_.cipher_key + key_.mac_key;
    std::string use = "borg-metadata-authentication-" + std::string(context);
    std::string salt_copy(salt);
    std::string digest = "SHA512";
    const std::array<OSSL_PARAM, 5> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, secret.data(), secret.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salt_copy.data(), salt_copy.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, use.data(), use.size()), OSSL_PARAM_construct_end()};
    EVP_KDF* const kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
    EVP_KDF_CTX* const kdf_context = EVP_KDF_CTX_new(kdf);
    const int derived = EVP_KDF_derive(kdf_context, tam_key.data(), tam_key.size(), parameters.data());
    EVP_KDF_CTX_free(kdf_context);
    EVP_KDF_free(kdf);
    OPENSSL_cleanse(secret.data(), secret.size());
    if (derived != 1) return false;
  }
  Bytes zeroed(message.begin(), message.end());
  std::fill_n(zeroed.begin() + static_cast<std::ptrdiff_t>(mac_offset), k_mac_bytes, std::uint8_t{0});
  std::array<std::uint8_t, k_mac_bytes> mac{};
  unsigned length = k_mac_bytes;
  return HMAC(EVP_sha512(), tam_key.data(), static_cast<int>(tam_key.size()), zeroed.data(), zeroed.size(), mac.data(),
              &length) != nullptr &&
         CRYPTO_memcmp(mac.data(), message.part(mac_offset, k_mac_bytes).begin(), k_mac_bytes) == 0;
}

}  // namespace lastgood::sources::borg
