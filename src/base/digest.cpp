// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/digest.h"

#include <openssl/evp.h>

#include "base/assert.h"

namespace lastgood::base {

namespace {

const EVP_MD* find_algorithm(DigestKind kind) {
  switch (kind) {
    case DigestKind::md5: return EVP_md5();
    case DigestKind::sha1: return EVP_sha1();
    case DigestKind::sha256: return EVP_sha256();
    case DigestKind::sha512: return EVP_sha512();
  }
  return EVP_sha256();
}

}  // namespace

struct Digest::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
};

Digest::Digest(DigestKind kind) : state_(std::make_unique<State>()) {
  LG_ASSERT(state_->context != nullptr);
  LG_ASSERT(EVP_DigestInit_ex(state_->context, find_algorithm(kind), nullptr) == 1);
}

Digest::~Digest() = default;

void Digest::update(ByteView bytes) {
  LG_ASSERT(EVP_DigestUpdate(state_->context, bytes.span().data(), bytes.size()) == 1);
}

std::vector<std::uint8_t> Digest::finish() {
  std::vector<std::uint8_t> digest(EVP_MAX_MD_SIZE);
  unsigned length = 0;
  LG_ASSERT(EVP_DigestFinal_ex(state_->context, digest.data(), &length) == 1);
  digest.resize(length);
  return digest;
}

}  // namespace lastgood::base
