// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/signing_key.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "ledger/freed.h"

namespace lastgood::ledger {

namespace {

// OWASP's figure of 2023 for PBKDF2-HMAC-SHA-256: about 0.2 s.
constexpr int k_iterations = 600'000;

using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY, &EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX, &EVP_MD_CTX_free>>;
using PrivateInfo = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Freed<PKCS8_PRIV_KEY_INFO, &PKCS8_PRIV_KEY_INFO_free>>;
using Encrypted = std::unique_ptr<X509_SIG, Freed<X509_SIG, &X509_SIG_free>>;

Bio bio_over(std::string_view text) {
  return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(std::min(text.size(), k_pem_bytes_max))));
}

std::string text_in(BIO* bio) {
  char* begin = nullptr;
  const long size = BIO_get_mem_data(bio, &begin);
  return {begin, static_cast<std::size_t>(std::max(size, 0L))};
}

const unsigned char* bytes_of(base::ByteView view) { return view.span().data(); }

/// Gives OpenSSL the passphrase that we have, and never lets it ask on a terminal.
int give_passphrase(char* into, int size, int /*writing*/, void* passphrase) {
  const auto& text = *static_cast<const std::string_view*>(passphrase);
  if (text.empty() || text.size() > static_cast<std::size_t>(std::max(size, 0))) return 0;
  std::memcpy(into, text.data(), text.size());
  return static_cast<int>(text.size());
}

Key parse_public(std::string_view pem) {
  const Bio bio = bio_over(pem);
  Key key(PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (key && EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) key.reset();
  return key;
}

}  // namespace

struct SigningKey::State {
  Key key;
};

SigningKey::SigningKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

std::string SigningKey::sign(std::string_view bytes) const {
  const DigestContext context(EVP_MD_CTX_new());
  LG_ASSERT(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, state_->key.get()) == 1);
  std::array<unsigned char, k_signature_bytes> out{};
  std::size_t size = out.size();
  LG_ASSERT(EVP_DigestSign(context.get(), out.data(), &size, bytes_of(base::ByteView(bytes)), bytes.size()) == 1);
  LG_ASSERT(size == k_signature_bytes);
  return {out.begin(), out.end()};
}

std::string SigningKey::public_pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  LG_ASSERT(bio && PEM_write_bio_PUBKEY(bio.get(), state_->key.get()) == 1);
  return text_in(bio.get());
}

std::string SigningKey::private_pem(std::string_view passphrase) const {
  const PrivateInfo info(EVP_PKEY2PKCS8(state_->key.get()));
  const Bio bio(BIO_new(BIO_s_mem()));
  LG_ASSERT(info && bio);
  if (passphrase.empty()) {
    LG_ASSERT(PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio.get(), info.get()) == 1);
    return text_in(bio.get());
  }
  const Encrypted encrypted(PKCS8_encrypt(-1, EVP_aes_256_cbc(), passphrase.data(), static_cast<int>(passphrase.size()),
                                          nullptr, 0, k_iterations, info.get()));
  LG_ASSERT(encrypted && PEM_write_bio_PKCS8(bio.get(), encrypted.get()) == 1);
  return text_in(bio.get());
}

SigningKey make_signing_key() {
  EVP_PKEY* made = nullptr;
  const KeyContext context(EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nullptr));
  LG_ASSERT(context && EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_keygen(context.get(), &made) == 1);
  auto state = std::make_unique<SigningKey::State>();
  state->key.reset(made);
  return SigningKey(std::move(state));
}

base::Result<SigningKey> parse_signing_key(std::string_view pem, std::string_view passphrase) {
  const Bio bio = bio_over(pem);
  auto state = std::make_unique<SigningKey::State>();
  state->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, &give_passphrase, &passphrase));
  ERR_clear_error();
  if (state->key && EVP_PKEY_get_base_id(state->key.get()) == EVP_PKEY_ED25519) return SigningKey(std::move(state));
  return base::Error{.code = base::ErrorCode::denied,
                     .what = state->key ? "the key is no Ed25519 key" : "the key could not be opened",
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = state->key ? "'lastgood ledger key new' makes one"
                                        : "check the passphrase, and that the file holds a private key in PEM form"};
}

bool holds_signature(std::string_view public_pem, std::string_view bytes, std::string_view signature) {
  const Key key = parse_public(public_pem);
  if (!key || signature.size() != k_signature_bytes) return false;
  const DigestContext context(EVP_MD_CTX_new());
  LG_ASSERT(context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  const bool holds = EVP_DigestVerify(context.get(), bytes_of(base::ByteView(signature)), signature.size(),
                                      bytes_of(base::ByteView(bytes)), bytes.size()) == 1;
  ERR_clear_error();
  return holds;
}

std::optional<base::Sha256Digest> key_fingerprint(std::string_view public_pem) {
  const Key key = parse_public(public_pem);
  if (!key) return std::nullopt;
  const Bio bio(BIO_new(BIO_s_mem()));
  LG_ASSERT(bio && i2d_PUBKEY_bio(bio.get(), key.get()) == 1);
  return base::sha256(base::ByteView(std::string_view(text_in(bio.get()))));
}

}  // namespace lastgood::ledger
