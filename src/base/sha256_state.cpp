// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The EVP interface hides the state, so this is the older one, which OpenSSL 3 keeps and which uses the same code.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256_state.h"

#include <openssl/sha.h>

#include <cstring>

#include "base/assert.h"

namespace lastgood::base {

namespace {

static_assert(sizeof(SHA256_CTX) == 112);
constexpr std::uint64_t k_bits = 8;

template <typename Bytes>
SHA256_CTX open_context(const Bytes& bytes) {
  SHA256_CTX out;
  std::memcpy(&out, bytes.data(), sizeof out);
  return out;
}

template <typename Bytes>
void close_context(const SHA256_CTX& context, Bytes& bytes) {
  std::memcpy(bytes.data(), &context, sizeof context);
}

}  // namespace

Sha256State::Sha256State() {
  SHA256_CTX context;
  std::memset(&context, 0, sizeof context);
  LG_ASSERT(SHA256_Init(&context) == 1);
  close_context(context, context_);
}

Sha256State::Sha256State(const Sha256Digest& noted, std::uint64_t bytes_before) : Sha256State() {
  LG_ASSERT(bytes_before % k_block_bytes == 0);
  SHA256_CTX context = open_context(context_);
  const ByteView words{std::span<const std::uint8_t>(noted)};
  for (std::size_t i = 0; i < 8; ++i) context.h[i] = words.be32(4 * i);
  context.Nl = static_cast<std::uint32_t>(bytes_before * k_bits);
  context.Nh = static_cast<std::uint32_t>((bytes_before * k_bits) >> 32U);
  close_context(context, context_);
}

void Sha256State::update(ByteView bytes) {
  SHA256_CTX context = open_context(context_);
  LG_ASSERT(SHA256_Update(&context, bytes.span().data(), bytes.size()) == 1);
  close_context(context, context_);
}

Sha256Digest Sha256State::digest() const {
  SHA256_CTX context = open_context(context_);
  Sha256Digest out{};
  LG_ASSERT(SHA256_Final(out.data(), &context) == 1);
  return out;
}

Sha256Digest Sha256State::noted() const {
  const SHA256_CTX context = open_context(context_);
  LG_ASSERT(context.num == 0);
  Sha256Digest out{};
  for (std::size_t i = 0; i < 8; ++i) {
    for (std::size_t byte = 0; byte < 4; ++byte) {
      out.at(4 * i + byte) = static_cast<std::uint8_t>(context.h[i] >> (24 - 8 * byte));
    }
  }
  return out;
}

}  // namespace lastgood::base
