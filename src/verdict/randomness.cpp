// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "verdict/randomness.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

namespace lastgood::verdict {

namespace {

constexpr std::size_t k_tiny_bytes = 64;
constexpr std::size_t k_probe_bytes = 256;

bool is_zero(base::ByteView block) {
  // Eight bytes at a time; most blocks end the loop at once.
  std::size_t at = 0;
  for (; at + 8 <= block.size(); at += 8) {
    if (block.le64(at) != 0) return false;
  }
  for (; at < block.size(); ++at) {
    if (block.u8(at) != 0) return false;
  }
  return true;
}

bool repeats_with(base::ByteView block, std::size_t period_bytes) {
  return block.size() > 2 * period_bytes &&
         block.part(period_bytes).text() == block.part(0, block.size() - period_bytes).text();
}

bool is_repeated(base::ByteView block) {
  for (const std::size_t period :
       {std::size_t{1}, std::size_t{2}, std::size_t{4}, std::size_t{8}, std::size_t{16}, std::size_t{64}}) {
    if (repeats_with(block, period)) return true;
  }
  return false;
}

/// A cheap first look: random bytes have the high bit set in about half of any 256, text and most records do not.
bool may_be_random(base::ByteView block) {
  const base::ByteView probe =
      block.part(block.size() > k_probe_bytes ? (block.size() - k_probe_bytes) / 2 : 0, k_probe_bytes);
  std::size_t high = 0;
  for (const std::uint8_t byte : probe) high += byte >> 7;
  // Six standard deviations on either side of one half.
  const double expected = static_cast<double>(probe.size()) / 2;
  return std::abs(static_cast<double>(high) - expected) <= 3 * std::sqrt(static_cast<double>(probe.size()));
}

/// Sum over the block of how far each byte is from the one `channels` before it, the shorter way around the circle.
std::uint64_t neighbour_distance(base::ByteView block, std::size_t channels) {
  std::uint64_t distance = 0;
  std::size_t at = channels;
#if defined(__SSE2__)
  // Sixteen pairs at once: this is asked of every block of ciphertext.
  const auto load = [&](std::size_t from) {
    __m128i value;
    std::memcpy(&value, block.begin() + from, sizeof value);
    return value;
  };
  __m128i sums = _mm_setzero_si128();
  for (; at + sizeof sums <= block.size(); at += sizeof sums) {
    const __m128i here = load(at);
    const __m128i before = load(at - channels);
    const __m128i shorter = _mm_min_epu8(_mm_sub_epi8(here, before), _mm_sub_epi8(before, here));
    sums = _mm_add_epi64(sums, _mm_sad_epu8(shorter, _mm_setzero_si128()));
  }
  std::array<std::uint64_t, 2> halves{};
  std::memcpy(halves.data(), &sums, sizeof sums);
  distance = halves[0] + halves[1];
#endif
  for (; at < block.size(); ++at) {
    const auto forward = static_cast<std::uint8_t>(block.u8(at) - block.u8(at - channels));
    distance += std::min<unsigned>(forward, 256U - forward);
  }
  return distance;
}

/// Slopes of pixels and samples hold every byte value equally often too, but neighbours (of the same channel) are near.
/// Of long blocks four pieces are looked at.
bool is_smooth(base::ByteView block) {
  constexpr std::size_t k_channels_max = 4;
  constexpr std::uint64_t k_mean_distance_max = 42;  // of random bytes 64, with a deviation of 37 for one pair
  constexpr std::size_t k_pieces = 4;
  constexpr std::size_t k_piece_bytes = 256;
  const bool is_long = block.size() >= 2 * k_pieces * k_piece_bytes;
  const std::size_t pieces = is_long ? k_pieces : 1;
  const std::size_t piece_bytes = is_long ? k_piece_bytes : block.size();
  for (std::size_t channels = 1; channels <= k_channels_max; ++channels) {
    std::uint64_t distance = 0;
    for (std::size_t i = 0; i < pieces; ++i)
      distance += neighbour_distance(block.part(i * (block.size() / pieces), piece_bytes), channels);
    if (distance < k_mean_distance_max * pieces * (piece_bytes - channels)) return true;
  }
  return false;
}

}  // namespace

void count_bytes(base::ByteView block, ByteCounts& counts) {
  // Four tables: neighbouring equal bytes then do not wait for each other's store. Which byte of a word comes first is
  // all the same.
  std::array<ByteCounts, 4> tables{};
  std::size_t at = 0;
  for (; at + 8 <= block.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, block.begin() + at, sizeof word);
    ++tables[0][word & 0xFF];
    ++tables[1][(word >> 8) & 0xFF];
    ++tables[2][(word >> 16) & 0xFF];
    ++tables[3][(word >> 24) & 0xFF];
    ++tables[0][(word >> 32) & 0xFF];
    ++tables[1][(word >> 40) & 0xFF];
    ++tables[2][(word >> 48) & 0xFF];
    ++tables[3][word >> 56];
  }
  for (; at < block.size(); ++at) ++tables[0][block.u8(at)];
  for (std::size_t i = 0; i < counts.size(); ++i)
    counts[i] += tables[0][i] + tables[1][i] + tables[2][i] + tables[3][i];
}

void add_counts(const ByteCounts& counts, ByteCounts& sums) {
  for (std::size_t value = 0; value < counts.size(); ++value) sums[value] += counts[value];
}

double chi_square(const ByteCounts& counts) {
  std::uint64_t total = 0;
  std::uint64_t squares = 0;
  for (const std::uint32_t count : counts) {
    total += count;
    squares += std::uint64_t{count} * count;
  }
  if (total == 0) return 0;
  const double n = static_cast<double>(total);
  return 256.0 * static_cast<double>(squares) / n - n;
}

namespace {

using Weights = std::array<std::uint8_t, 256>;

/// Ones among the bits of every byte value, and how often neighbouring bits of it differ.
constexpr Weights k_ones = [] {
  Weights weights{};
  for (std::uint32_t value = 0; value < weights.size(); ++value)
    weights.at(value) = static_cast<std::uint8_t>(std::popcount(value));
  return weights;
}();
constexpr Weights k_changes = [] {
  Weights weights{};
  for (std::uint32_t value = 0; value < weights.size(); ++value)
    weights.at(value) = static_cast<std::uint8_t>(std::popcount((value ^ (value >> 1)) & 0x7FU));
  return weights;
}();

std::uint64_t weighted_sum(const ByteCounts& counts, const Weights& weights) {
  std::uint64_t sum = 0;
  for (std::size_t value = 0; value < counts.size(); ++value) sum += std::uint64_t{counts[value]} * weights[value];
  return sum;
}

}  // namespace

bool passes_as_ciphertext(const ByteCounts& counts) {
  // A bias of one bit or one pair has one degree of freedom where the byte values have 255, and shows much earlier.
  constexpr double k_deviations_max = 4;
  if (chi_square(counts) >= k_random_chi_square_max) return false;
  std::uint64_t total = 0;
  for (const std::uint32_t count : counts) total += count;
  const auto is_half = [](std::uint64_t count, std::uint64_t of) {
    const auto all = static_cast<double>(of);
    return std::abs(static_cast<double>(count) - all / 2) <= k_deviations_max * std::sqrt(all) / 2;
  };
  return is_half(weighted_sum(counts, k_ones), 8 * total) && is_half(weighted_sum(counts, k_changes), 7 * total);
}

double entropy_bits(const ByteCounts& counts) {
  double total = 0;
  for (const std::uint32_t count : counts) total += count;
  double bits = 0;
  for (const std::uint32_t count : counts) {
    if (count != 0) bits -= count / total * std::log2(count / total);
  }
  return bits;
}

namespace {

/// What shows without counting bytes.
std::optional<Texture> texture_at_first_look(base::ByteView block) {
  if (block.empty() || is_zero(block)) return Texture::zero;
  if (is_repeated(block)) return Texture::repeated;
  if (block.size() < k_tiny_bytes) return Texture::between;
  if (!may_be_random(block)) return Texture::plain;
  return std::nullopt;
}

Texture texture_by_counts(base::ByteView block, const ByteCounts& counts) {
  const double statistic = chi_square(counts);
  if (statistic < k_random_chi_square_max) return is_smooth(block) ? Texture::plain : Texture::random;
  return statistic > k_plain_chi_square_min ? Texture::plain : Texture::between;
}

}  // namespace

Texture texture_of(base::ByteView block) {
  if (const std::optional<Texture> texture = texture_at_first_look(block)) return *texture;
  ByteCounts counts{};
  count_bytes(block, counts);
  return texture_by_counts(block, counts);
}

Texture texture_of(base::ByteView block, const ByteCounts& counts) {
  const std::optional<Texture> texture = texture_at_first_look(block);
  return texture ? *texture : texture_by_counts(block, counts);
}

bool is_random_cell(base::ByteView cell) {
  std::array<bool, 256> seen{};
  std::size_t different = 0;
  std::size_t high = 0;
  for (const std::uint8_t byte : cell) {
    if (!seen[byte]) ++different;
    seen[byte] = true;
    high += byte >> 7;
  }
  return cell.size() == k_cell_bytes && different >= k_random_cell_different_min && high >= 16 && high <= 48 &&
         !is_smooth(cell);
}

double repeated_cell_share(base::ByteView bytes, std::size_t cell_bytes) {
  const std::string_view text = bytes.text();
  // A table of at most half its places taken: the first cell of each kind, and how often it stands there.
  struct Place {
    std::string_view cell;
    std::uint32_t count = 0;
  };
  std::vector<Place> places(std::bit_ceil(2 * (text.size() / cell_bytes) + 2));
  std::size_t cells = 0;
  std::size_t repeated = 0;
  for (std::size_t at = 0; at + cell_bytes <= text.size(); at += cell_bytes) {
    const std::string_view cell = text.substr(at, cell_bytes);
    if (cell.find_first_not_of('\0') == std::string_view::npos) continue;
    ++cells;
    std::size_t place = std::hash<std::string_view>()(cell) & (places.size() - 1);
    while (places[place].count != 0 && places[place].cell != cell) place = (place + 1) & (places.size() - 1);
    const std::uint32_t count = ++places[place].count;
    places[place].cell = cell;
    repeated += count == 1 ? 0 : count == 2 ? 2 : 1;
  }
  return cells == 0 ? 0 : static_cast<double>(repeated) / static_cast<double>(cells);
}

}  // namespace lastgood::verdict
