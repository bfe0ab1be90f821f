// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/signing_key.h"

#include <algorithm>
#include <memory>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/byte_view.h"
#include "base/checksum.h"
#include "mail/letters.h"
#include "mail/tag_list.h"

namespace lastgood::mail {

namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

constexpr std::size_t k_key_bytes_max = 4096;  // 16,384 bits, the most that OpenSSL checks in a bearable time
constexpr int k_rsa_bits_max = 16384;

const unsigned char* bytes_of(std::string_view text) { return base::ByteView(text).begin(); }

Key open_rsa(std::string_view der) {
  const unsigned char* at = bytes_of(der);
  const auto size = static_cast<long>(der.size());
  Key key(d2i_PUBKEY(nullptr, &at, size));
  if (key == nullptr) {
    // Some publish the bare RSAPublicKey (RFC 6376 section 3.6.1 allows both by its errata).
    at = bytes_of(der);
    key.reset(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, size));
  }
  if (key != nullptr && EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) key.reset();
  return key;
}

base::Error bad_record(std::string what) {
  base::Error error;
  error.code = base::ErrorCode::unsupported;
  error.what = std::move(what);
  return error;
}

}  // namespace

base::Result<KeyRecord> parse_key_record(std::string_view text) {
  const auto tags = parse_tag_list(text);
  if (!tags) return bad_record("the key record is no list of tags");
  if (const std::string* version = tags->find("v"); version != nullptr) {
    if (*version != "DKIM1") return bad_record("the key record is of another version than DKIM1");
    if (tags->tags.front().first != "v") return bad_record("the version of the key record does not stand first");
  }
  const std::string* const key = tags->find("p");
  if (key == nullptr) return bad_record("the key record has no key");
  KeyRecord record;
  record.key_type = lower(tags->value_or("k", "rsa"));
  const auto bytes = parse_folded_base64(*key);
  if (!bytes) return bad_record("the key is no base64");
  if (bytes->size() > k_key_bytes_max) return bad_record("the key is longer than any in use");
  record.public_key = *bytes;
  if (const std::string* hashes = tags->find("h"); hashes != nullptr) record.hashes = split_colons(*hashes);
  if (const std::string* services = tags->find("s"); services != nullptr) record.services = split_colons(*services);
  for (const std::string& flag : split_colons(tags->value_or("t", ""))) {
    record.testing = record.testing || flag == "y";
    record.same_domain = record.same_domain || flag == "s";
  }
  return record;
}

SignatureOutcome check_signature(SigningAlgorithm algorithm, std::string_view public_key, std::string_view signed_text,
                                 std::string_view signature) {
  const bool rsa = algorithm != SigningAlgorithm::ed25519_sha256;
  Key key = rsa ? open_rsa(public_key)
                : Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(public_key), public_key.size()));
  SignatureOutcome outcome;
  if (key == nullptr) return outcome;
  const int bits = EVP_PKEY_get_bits(key.get());
  if (bits <= 0 || bits > k_rsa_bits_max) return outcome;
  outcome.key_bits = static_cast<unsigned>(bits);
  if (rsa && outcome.key_bits < k_rsa_bits_min) {
    outcome.check = SignatureCheck::short_key;
    return outcome;
  }
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  const EVP_MD* const digest = !rsa ? nullptr : algorithm == SigningAlgorithm::rsa_sha1 ? EVP_sha1() : EVP_sha256();
  if (EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) != 1) return outcome;
  // RFC 8463 section 3: Ed25519 signs the SHA-256 of the text, not the text.
  const base::Sha256Digest hashed = rsa ? base::Sha256Digest{} : base::sha256(base::ByteView(signed_text));
  const unsigned char* const data = rsa ? bytes_of(signed_text) : hashed.data();
  const std::size_t size = rsa ? signed_text.size() : hashed.size();
  const int holds = EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), data, size);
  outcome.check = holds == 1 ? SignatureCheck::holds : SignatureCheck::does_not_hold;
  return outcome;
}

}  // namespace lastgood::mail
