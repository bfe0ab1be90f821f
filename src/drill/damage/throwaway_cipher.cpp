// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/damage/throwaway_cipher.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

#include "base/assert.h"
#include "drill/damage/seeded_bytes.h"

namespace lastgood::drill {
namespace {

using model::ByteRange;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

Context begin_cipher(const EVP_CIPHER* cipher, const ThrowawayKey& key) {
  Context context(EVP_CIPHER_CTX_new());
  LG_ASSERT(context != nullptr);
  LG_ASSERT(EVP_EncryptInit_ex(context.get(), cipher, nullptr, key.key.data(), key.nonce.data()) == 1);
  LG_ASSERT(EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1);
  return context;
}

/// Gives as many bytes as it takes: stream ciphers always, block ciphers on whole blocks.
void run_cipher(EVP_CIPHER_CTX* context, std::span<std::uint8_t> bytes) {
  constexpr std::size_t piece_bytes = std::size_t{1} << 24;  // the interface counts in int
  for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
    const std::span<std::uint8_t> piece = bytes.subspan(at, std::min(piece_bytes, bytes.size() - at));
    int written = 0;
    LG_ASSERT(EVP_EncryptUpdate(context, piece.data(), &written, piece.data(), static_cast<int>(piece.size())) == 1);
    LG_ASSERT(static_cast<std::size_t>(written) == piece.size());
  }
}

void encrypt_runs(std::vector<std::uint8_t>& bytes, std::span<const ByteRange> runs, const EVP_CIPHER* cipher,
                  std::size_t block_bytes, const ThrowawayKey& key) {
  const Context context = begin_cipher(cipher, key);
  for (const ByteRange& run : runs) {
    const std::size_t length = run.length() - run.length() % block_bytes;
    run_cipher(context.get(), std::span(bytes).subspan(run.from, length));
  }
}

void xor_with_one_keystream(std::vector<std::uint8_t>& bytes, std::span<const ByteRange> runs,
                            const ThrowawayKey& key) {
  std::array<std::uint8_t, 64> keystream{};
  const Context context = begin_cipher(EVP_chacha20(), key);
  run_cipher(context.get(), keystream);
  for (const ByteRange& run : runs) {
    for (std::uint64_t at = run.from; at < run.to; ++at) bytes[at] ^= keystream[(at - run.from) % keystream.size()];
  }
}

std::uint8_t shifted_in_class(std::uint8_t byte, std::uint8_t key_byte) {
  const auto shifted = [&](std::uint8_t first, unsigned count) {
    return static_cast<std::uint8_t>(first + (unsigned{byte} - first + key_byte) % count);
  };
  if (byte >= '0' && byte <= '9') return shifted('0', 10);
  if (byte >= 'a' && byte <= 'z') return shifted('a', 26);
  if (byte >= 'A' && byte <= 'Z') return shifted('A', 26);
  if (byte >= 0x80) return shifted(0x80, 128);
  return byte;
}

void replace_within_classes(std::vector<std::uint8_t>& bytes, std::span<const ByteRange> runs,
                            const ThrowawayKey& key) {
  const Context context = begin_cipher(EVP_chacha20(), key);
  for (const ByteRange& run : runs) {
    std::vector<std::uint8_t> keystream(run.length(), 0);
    run_cipher(context.get(), keystream);
    for (std::uint64_t at = run.from; at < run.to; ++at)
      bytes[at] = shifted_in_class(bytes[at], keystream[at - run.from]);
  }
}

}  // namespace

std::string_view name_of(CipherStyle style) {
  switch (style) {
    case CipherStyle::aes_256_ctr: return "aes-256-ctr";
    case CipherStyle::chacha20: return "chacha20";
    case CipherStyle::aes_256_cbc: return "aes-256-cbc";
    case CipherStyle::aes_256_ecb: return "aes-256-ecb";
    case CipherStyle::reused_keystream_64: return "reused-keystream-64";
    case CipherStyle::same_class: return "same-class";
    case CipherStyle::zeros: return "zeros";
  }
  return "zeros";
}

ThrowawayKey make_throwaway_key(std::uint64_t seed, std::string_view name) {
  SeededBytes random(seed, std::string("key|").append(name));
  ThrowawayKey made;
  const std::vector<std::uint8_t> key = random.take(made.key.size());
  const std::vector<std::uint8_t> nonce = random.take(made.nonce.size());
  std::copy(key.begin(), key.end(), made.key.begin());
  std::copy(nonce.begin(), nonce.end(), made.nonce.begin());
  return made;
}

std::vector<std::uint8_t> with_runs_replaced(base::ByteView original, std::span<const ByteRange> runs,
                                             CipherStyle style, const ThrowawayKey& key) {
  std::vector<std::uint8_t> bytes(original.begin(), original.end());
  switch (style) {
    case CipherStyle::aes_256_ctr: encrypt_runs(bytes, runs, EVP_aes_256_ctr(), 1, key); break;
    case CipherStyle::chacha20: encrypt_runs(bytes, runs, EVP_chacha20(), 1, key); break;
    case CipherStyle::aes_256_cbc: encrypt_runs(bytes, runs, EVP_aes_256_cbc(), 16, key); break;
    case CipherStyle::aes_256_ecb: encrypt_runs(bytes, runs, EVP_aes_256_ecb(), 16, key); break;
    case CipherStyle::reused_keystream_64: xor_with_one_keystream(bytes, runs, key); break;
    case CipherStyle::same_class: replace_within_classes(bytes, runs, key); break;
    case CipherStyle::zeros:
      for (const ByteRange& run : runs)
        std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(run.from),
                  bytes.begin() + static_cast<std::ptrdiff_t>(run.to), std::uint8_t{0});
      break;
  }
  return bytes;
}

}  // namespace lastgood::drill
