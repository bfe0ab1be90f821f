// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/checksum.h"

#include <libdeflate.h>
#include <openssl/evp.h>

#include "base/assert.h"

namespace lastgood::base {

std::uint32_t crc32(ByteView bytes, std::uint32_t seed) {
  return libdeflate_crc32(seed, bytes.span().data(), bytes.size());
}

std::uint32_t adler32(ByteView bytes, std::uint32_t seed) {
  return libdeflate_adler32(seed, bytes.span().data(), bytes.size());
}

namespace {

constexpr std::array<std::array<std::uint32_t, 256>, 8> make_crc32c_tables() {
  std::array<std::array<std::uint32_t, 256>, 8> tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1U) != 0 ? 0x82F63B78U : 0U);
    tables[0][i] = value;
  }
  for (std::size_t t = 1; t < 8; ++t) {
    for (std::size_t i = 0; i < 256; ++i) tables[t][i] = (tables[t - 1][i] >> 8) ^ tables[0][tables[t - 1][i] & 0xFF];
  }
  return tables;
}
constexpr auto k_crc32c_tables = make_crc32c_tables();

std::uint32_t crc32c_by_table(ByteView bytes, std::uint32_t crc) {
  const auto& t = k_crc32c_tables;
  std::uint64_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    const std::uint64_t word = bytes.le64(at) ^ crc;
    crc = t[7][word & 0xFF] ^ t[6][(word >> 8) & 0xFF] ^ t[5][(word >> 16) & 0xFF] ^ t[4][(word >> 24) & 0xFF] ^
          t[3][(word >> 32) & 0xFF] ^ t[2][(word >> 40) & 0xFF] ^ t[1][(word >> 48) & 0xFF] ^ t[0][word >> 56];
  }
  for (; at < bytes.size(); ++at) crc = (crc >> 8) ^ t[0][(crc ^ bytes.u8(at)) & 0xFF];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32c_by_instruction(ByteView bytes, std::uint32_t crc) {
  std::uint64_t wide = crc;
  std::uint64_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) wide = __builtin_ia32_crc32di(wide, bytes.le64(at));
  auto narrow = static_cast<std::uint32_t>(wide);
  for (; at < bytes.size(); ++at) narrow = __builtin_ia32_crc32qi(narrow, bytes.u8(at));
  return narrow;
}
#endif

}  // namespace

std::uint32_t crc32c(ByteView bytes, std::uint32_t seed) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2") != 0;
  if (has_instruction) return ~crc32c_by_instruction(bytes, ~seed);
#endif
  return ~crc32c_by_table(bytes, ~seed);
}

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() { LG_ASSERT(context != nullptr); }
  ~State() { EVP_MD_CTX_free(context); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  void begin() const { LG_ASSERT(EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) { state_->begin(); }
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(ByteView bytes) {
  LG_ASSERT(EVP_DigestUpdate(state_->context, bytes.span().data(), bytes.size()) == 1);
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest{};
  unsigned length = 0;
  LG_ASSERT(EVP_DigestFinal_ex(state_->context, digest.data(), &length) == 1 && length == digest.size());
  state_->begin();
  return digest;
}

Sha256Digest sha256(ByteView bytes) {
  Sha256 state;
  state.update(bytes);
  return state.finish();
}

Sha256Digest sha3_256(ByteView bytes) {
  Sha256Digest digest{};
  unsigned length = 0;
  LG_ASSERT(EVP_Digest(bytes.span().data(), bytes.size(), digest.data(), &length, EVP_sha3_256(), nullptr) == 1 &&
            length == digest.size());
  return digest;
}

std::string hex(ByteView bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::optional<std::string> parse_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(digits.size() / 2);
  int value = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[i];
    int digit = -1;
    if (c >= '0' && c <= '9') digit = c - '0';
    if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
    if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
    if (digit < 0) return std::nullopt;
    value = value * 16 + digit;
    if (i % 2 == 0) continue;
    out += static_cast<char>(value);
    value = 0;
  }
  return out;
}

}  // namespace lastgood::base
