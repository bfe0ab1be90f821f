// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/crypto.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include <algorithm>

namespace lastgood::sources::restic {

namespace {

template <auto free_it>
struct FreeWith {
  template <typename T>
  void operator()(T* pointer) const {
    free_it(pointer);
  }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeWith<EVP_MAC_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;

// Fetched once: OpenSSL 3 takes a lock and searches a list of names for each implicit fetch.
struct Algorithms {
  std::unique_ptr<EVP_CIPHER, FreeWith<EVP_CIPHER_free>> ctr{EVP_CIPHER_fetch(nullptr, "AES-256-CTR", nullptr)};
  std::unique_ptr<EVP_CIPHER, FreeWith<EVP_CIPHER_free>> block{EVP_CIPHER_fetch(nullptr, "AES-128-ECB", nullptr)};
  std::unique_ptr<EVP_MAC, FreeWith<EVP_MAC_free>> poly1305{EVP_MAC_fetch(nullptr, "POLY1305", nullptr)};
  std::unique_ptr<EVP_MD, FreeWith<EVP_MD_free>> sha256{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
};

const Algorithms& algorithms() {
  static const Algorithms k_algorithms;
  return k_algorithms;
}

// EVP takes lengths of ciphers as int.
constexpr std::size_t k_step_bytes = std::size_t{1} << 30;

}  // namespace

base::Status check_algorithms() {
  const Algorithms& a = algorithms();
  if (a.ctr && a.block && a.poly1305 && a.sha256) return base::Done{};
  return base::Error{.code = base::ErrorCode::unsupported,
                     .what = "cannot open restic repositories: OpenSSL on this machine lacks AES, Poly1305 or SHA-256",
                     .hint = "check OpenSSL's configuration: restic needs its default provider"};
}

struct SealOpener::Contexts {
  CipherContext ctr{EVP_CIPHER_CTX_new()};
  CipherContext block{EVP_CIPHER_CTX_new()};
  MacContext mac{EVP_MAC_CTX_new(algorithms().poly1305.get())};
  std::array<std::uint8_t, 16> mac_r{};

  explicit Contexts(const MasterKey& key) : mac_r(key.mac_r) {
    LG_ASSERT(ctr && block && mac);
    LG_ASSERT(EVP_DecryptInit_ex(ctr.get(), algorithms().ctr.get(), nullptr, key.encryption.data(), nullptr) == 1);
    LG_ASSERT(EVP_EncryptInit_ex(block.get(), algorithms().block.get(), nullptr, key.mac_k.data(), nullptr) == 1);
    EVP_CIPHER_CTX_set_padding(block.get(), 0);
  }
};

SealOpener::SealOpener(const MasterKey& key) : contexts_(std::make_unique<Contexts>(key)) {}
SealOpener::~SealOpener() = default;
SealOpener::SealOpener(SealOpener&&) noexcept = default;
SealOpener& SealOpener::operator=(SealOpener&&) noexcept = default;

std::array<std::uint8_t, k_mac_bytes> SealOpener::mac_of(base::ByteView iv, base::ByteView message) {
  LG_ASSERT(iv.size() == k_iv_bytes);
  // The key of one message: r, and the IV encrypted with k.
  std::array<std::uint8_t, 32> once{};
  std::copy(contexts_->mac_r.begin(), contexts_->mac_r.end(), once.begin());
  int written = 0;
  LG_ASSERT(EVP_EncryptUpdate(contexts_->block.get(), once.data() + 16, &written, iv.begin(), k_iv_bytes) == 1);
  std::array<std::uint8_t, k_mac_bytes> out{};
  std::size_t out_bytes = 0;
  EVP_MAC_CTX* const mac = contexts_->mac.get();
  LG_ASSERT(EVP_MAC_init(mac, once.data(), once.size(), nullptr) == 1);
  LG_ASSERT(EVP_MAC_update(mac, message.begin(), message.size()) == 1);
  LG_ASSERT(EVP_MAC_final(mac, out.data(), &out_bytes, out.size()) == 1);
  return out;
}

bool SealOpener::open(base::ByteView sealed, std::span<std::uint8_t> into) {
  if (sealed.size() < k_seal_bytes) return false;
  LG_ASSERT(into.size() + k_seal_bytes == sealed.size());
  const base::ByteView iv = sealed.part(0, k_iv_bytes);
  const base::ByteView secret = sealed.part(k_iv_bytes, into.size());
  if (std::all_of(iv.begin(), iv.end(), [](std::uint8_t byte) { return byte == 0; })) return false;
  const auto mac = mac_of(iv, secret);
  if (CRYPTO_memcmp(mac.data(), sealed.part(sealed.size() - k_mac_bytes).begin(), k_mac_bytes) != 0) return false;
  EVP_CIPHER_CTX* const ctr = contexts_->ctr.get();
  LG_ASSERT(EVP_DecryptInit_ex(ctr, nullptr, nullptr, nullptr, iv.begin()) == 1);
  for (std::size_t at = 0; at < into.size(); at += k_step_bytes) {
    const std::size_t length = std::min(k_step_bytes, into.size() - at);
    int written = 0;
    LG_ASSERT(EVP_DecryptUpdate(ctr, into.data() + at, &written, secret.begin() + at, static_cast<int>(length)) == 1);
  }
  return true;
}

std::optional<std::vector<std::uint8_t>> open_sealed(const MasterKey& key, base::ByteView sealed) {
  if (sealed.size() < k_seal_bytes) return std::nullopt;
  std::vector<std::uint8_t> plain(sealed.size() - k_seal_bytes);
  if (!SealOpener(key).open(sealed, plain)) return std::nullopt;
  return plain;
}

struct IdHasher::Context {
  DigestContext digest{EVP_MD_CTX_new()};
};

IdHasher::IdHasher() : context_(std::make_unique<Context>()) { LG_ASSERT(context_->digest); }
IdHasher::~IdHasher() = default;

BlobId IdHasher::id_of(base::ByteView bytes) {
  BlobId id;
  EVP_MD_CTX* const digest = context_->digest.get();
  LG_ASSERT(EVP_DigestInit_ex2(digest, algorithms().sha256.get(), nullptr) == 1);
  LG_ASSERT(EVP_DigestUpdate(digest, bytes.begin(), bytes.size()) == 1);
  LG_ASSERT(EVP_DigestFinal_ex(digest, id.data(), nullptr) == 1);
  return id;
}

bool within_limits(const ScryptCosts& costs) {
  constexpr std::uint64_t k_block_bytes = 128;
  constexpr std::uint64_t k_product_max = k_scrypt_bytes_max / k_block_bytes;
  const bool power_of_two = costs.n >= 2 && (costs.n & (costs.n - 1)) == 0;
  if (!power_of_two || costs.r == 0 || costs.p == 0) return false;
  if (costs.n > k_product_max || costs.r > k_product_max / costs.n) return false;
  return costs.p <= k_product_max / (costs.n * costs.r);
}

base::Result<MasterKey> derive_key(std::string_view password, base::ByteView salt, const ScryptCosts& costs) {
  LG_ASSERT(within_limits(costs));
  std::vector<std::uint8_t> secret(password.begin(), password.end());
  // An empty password is one too: the function wants a pointer all the same.
  if (secret.empty()) secret.reserve(1);
  std::array<std::uint8_t, 64> made{};
  // libsodium's: with vectors it takes two thirds of the time that OpenSSL's takes, and every command pays it.
  const bool good = sodium_init() >= 0 && crypto_pwhash_scryptsalsa208sha256_ll(
                                              secret.data(), secret.size(), salt.begin(), salt.size(), costs.n,
                                              static_cast<std::uint32_t>(costs.r), static_cast<std::uint32_t>(costs.p),
                                              made.data(), made.size()) == 0;
  sodium_memzero(secret.data(), secret.size());
  if (!good) {
    return base::Error{.code = base::ErrorCode::io,
                       .what = "cannot derive a key from the password: scrypt failed",
                       .hint = "scrypt needs up to 1 GiB of memory here; free some and try again"};
  }
  MasterKey key;
  std::copy_n(made.begin(), 32, key.encryption.begin());
  std::copy_n(made.begin() + 32, 16, key.mac_k.begin());
  std::copy_n(made.begin() + 48, 16, key.mac_r.begin());
  OPENSSL_cleanse(made.data(), made.size());
  return key;
}

}  // namespace lastgood::sources::restic
