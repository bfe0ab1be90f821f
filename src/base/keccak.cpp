// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/keccak.h"

#include <array>
#include <bit>

namespace lastgood::base {

namespace {

constexpr std::size_t k_rate_bytes = 136;
constexpr std::size_t k_rounds = 24;
using Lanes = std::array<std::uint64_t, 25>;

/// Step iota: from the reference's linear feedback shift register, x^8 + x^6 + x^5 + x^4 + 1.
constexpr std::array<std::uint64_t, k_rounds> make_round_constants() {
  std::array<std::uint64_t, k_rounds> constants{};
  std::uint32_t state = 1;
  for (std::uint64_t& constant : constants) {
    for (unsigned j = 0; j < 7; ++j) {
      if ((state & 1U) != 0) constant |= std::uint64_t{1} << ((1U << j) - 1);
      state = (state & 0x80U) != 0 ? (state << 1U) ^ 0x171U : state << 1U;
    }
  }
  return constants;
}
constexpr auto k_round_constants = make_round_constants();

/// Steps rho and pi along one path through all lanes but the first: how far each turns, and where it goes.
struct PathStep {
  std::size_t lane = 0;
  int turn_bits = 0;
};
constexpr std::array<PathStep, 24> make_path() {
  std::array<PathStep, 24> path{};
  std::size_t x = 1;
  std::size_t y = 0;
  for (std::size_t t = 0; t < path.size(); ++t) {
    const std::size_t next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
    path.at(t) = {.lane = x + 5 * y, .turn_bits = static_cast<int>((t + 1) * (t + 2) / 2 % 64)};
  }
  return path;
}
constexpr auto k_path = make_path();

void theta(Lanes& lanes) {
  std::array<std::uint64_t, 5> columns{};
  for (std::size_t x = 0; x < 5; ++x) {
    columns[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
  }
  for (std::size_t x = 0; x < 5; ++x) {
    const std::uint64_t change = columns[(x + 4) % 5] ^ std::rotl(columns[(x + 1) % 5], 1);
    for (std::size_t y = 0; y < 25; y += 5) lanes[x + y] ^= change;
  }
}

void rho_and_pi(Lanes& lanes) {
  std::uint64_t moving = lanes[1];
  for (const PathStep& step : k_path) {
    const std::uint64_t next = lanes[step.lane];
    lanes[step.lane] = std::rotl(moving, step.turn_bits);
    moving = next;
  }
}

void chi(Lanes& lanes) {
  for (std::size_t y = 0; y < 25; y += 5) {
    std::array<std::uint64_t, 5> row{};
    for (std::size_t x = 0; x < 5; ++x) row[x] = lanes[y + x];
    for (std::size_t x = 0; x < 5; ++x) lanes[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
  }
}

void absorb(Lanes& lanes, ByteView block) {
  for (std::size_t lane = 0; lane < k_rate_bytes / 8; ++lane) lanes[lane] ^= block.le64(8 * lane);
  for (const std::uint64_t constant : k_round_constants) {
    theta(lanes);
    rho_and_pi(lanes);
    chi(lanes);
    lanes[0] ^= constant;
  }
}

}  // namespace

Sha256Digest keccak_256(ByteView bytes) {
  Lanes lanes{};
  std::size_t at = 0;
  for (; bytes.size() - at >= k_rate_bytes; at += k_rate_bytes) absorb(lanes, bytes.part(at, k_rate_bytes));
  std::array<std::uint8_t, k_rate_bytes> last{};
  for (std::size_t i = at; i < bytes.size(); ++i) last.at(i - at) = bytes.u8(i);
  last.at(bytes.size() - at) = 1;  // FIPS 202 has 6 here
  last.back() |= 0x80U;
  absorb(lanes, ByteView(std::span<const std::uint8_t>(last)));
  Sha256Digest digest{};
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest.at(i) = static_cast<std::uint8_t>(lanes[i / 8] >> (8 * (i % 8)));
  return digest;
}

}  // namespace lastgood::base
