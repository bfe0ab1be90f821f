// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "verdict/keystream_reuse.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "verdict/randomness.h"

namespace lastgood::verdict {

namespace {

using base::ByteView;
using model::ByteRange;

constexpr std::array<std::size_t, 6> k_periods_bytes = {64, 128, 192, 256, 384, 512};
constexpr std::size_t k_used_bytes_max = 1024 * 1024;
constexpr std::size_t k_fold_bytes_max = 32 * 1024;
constexpr std::size_t k_end_bytes_max = 2048;
constexpr std::size_t k_head_bytes = 4096;  // looked at for a keystream without gaps
constexpr std::size_t k_repeats_min = 10;
constexpr std::size_t k_repeats_for_frequent_min = 20;
constexpr std::size_t k_ranges_max = 4096;
// Of 64 plain or random bytes hardly one agrees with the keystream's; of those that carry it over text some ten do.
// More is asked where nothing says that a piece should stand.
constexpr std::size_t k_agreeing_min = 6;
constexpr std::size_t k_agreeing_where_expected_min = 2;
constexpr std::size_t k_step_bytes = 8;  // attacks begin their steps at round offsets, not always at multiples of 64

using Cell = std::array<std::uint8_t, k_cell_bytes>;

/// The most frequent byte at each of 64 positions, and how frequent they are on average. In 7-bit text the high bit of
/// each position tells as well, also where little text is there: it is always clear, or always the keystream's.
struct FrequentCell {
  Cell bytes{};
  double share = 0;
  std::size_t always_high = 0;  // positions
  std::size_t never_high = 0;

  [[nodiscard]] bool is_seven_bit() const { return never_high == k_cell_bytes; }
  [[nodiscard]] bool is_changed_seven_bit() const {
    // Text varies at each place, and its letters changed by a keystream are hardly ever the same.
    return always_high + never_high == k_cell_bytes && always_high >= 16 && never_high >= 16 && share < 0.8 &&
           is_random();
  }
  [[nodiscard]] bool is_random() const { return is_random_cell(ByteView(std::span<const std::uint8_t>(bytes))); }
};

FrequentCell frequent_cell(ByteView bytes, std::size_t phase_bytes, std::size_t period_bytes) {
  FrequentCell cell;
  const std::size_t repeats = bytes.size() / period_bytes;
  std::size_t total = 0;
  for (std::size_t i = 0; i < k_cell_bytes; ++i) {
    std::array<std::uint16_t, 256> counts{};
    std::size_t high = 0;
    for (std::size_t at = phase_bytes + i; at < repeats * period_bytes; at += period_bytes) {
      ++counts[bytes.u8(at)];
      if (bytes.u8(at) >= 0x80) ++high;
    }
    if (high == 0) ++cell.never_high;
    if (high == repeats) ++cell.always_high;
    const auto best = std::max_element(counts.begin(), counts.end());
    cell.bytes[i] = static_cast<std::uint8_t>(best - counts.begin());
    total += *best;
  }
  cell.share = static_cast<double>(total) / static_cast<double>(repeats * k_cell_bytes);
  return cell;
}

/// The most frequent byte at one position of each period; of several, the lowest.
std::uint8_t frequent_byte(ByteView bytes, std::size_t position_bytes, std::size_t period_bytes) {
  std::array<std::uint16_t, 256> counts{};
  std::uint16_t most = 0;
  std::uint8_t best = 0;
  for (std::size_t at = position_bytes; at < bytes.size() / period_bytes * period_bytes; at += period_bytes) {
    const std::uint8_t byte = bytes.u8(at);
    const std::uint16_t count = ++counts[byte];
    if (count < most || (count == most && byte > best)) continue;
    most = count;
    best = byte;
  }
  return best;
}

/// Asked first, because it ends the search in nearly every content: records show zeros and blanks at most positions,
/// and a third of the positions says so.
bool has_random_frequent_cell(ByteView bytes, std::size_t phase_bytes, std::size_t period_bytes) {
  Cell cell{};
  std::array<bool, 256> seen{};
  std::size_t repeated = 0;
  for (std::size_t i = 0; i < k_cell_bytes; ++i) {
    cell[i] = frequent_byte(bytes, phase_bytes + i, period_bytes);
    repeated += seen[cell[i]] ? 1U : 0U;
    if (repeated > k_cell_bytes - k_random_cell_different_min) return false;
    seen[cell[i]] = true;
  }
  return is_random_cell(ByteView(std::span<const std::uint8_t>(cell)));
}

bool has_random_phase(ByteView bytes, std::size_t period_bytes) {
  for (std::size_t phase = 0; phase < period_bytes; phase += k_cell_bytes) {
    if (has_random_frequent_cell(bytes, phase, period_bytes)) return true;
  }
  return false;
}

/// What the most frequent of `repeats` random bytes reaches (Poisson, three deviations) is left behind by skewed bytes.
bool is_frequent(double share, std::size_t repeats) {
  const double n = static_cast<double>(repeats);
  const double expected = n / 256;
  return share * n > 1.3 * (expected + 3 * std::sqrt(expected) + 2);
}

struct Keystream {
  Cell cell{};
  std::size_t period_bytes = 0;
  std::size_t phase_bytes = 0;  // of the first piece in each period
};

/// What `bytes` folded by the period show; all else must be plain.
std::optional<Keystream> find_keystream(ByteView bytes, std::size_t period_bytes) {
  const std::size_t repeats = bytes.size() / period_bytes;
  if (repeats < k_repeats_min || !has_random_phase(bytes, period_bytes)) return std::nullopt;
  std::optional<Keystream> found;
  std::size_t random = 0;
  for (std::size_t phase = 0; phase < period_bytes; phase += k_cell_bytes) {
    const FrequentCell frequent = frequent_cell(bytes, phase, period_bytes);
    const bool text = frequent.is_seven_bit() || frequent.is_changed_seven_bit();
    if (!text && (repeats < k_repeats_for_frequent_min || !is_frequent(frequent.share, repeats))) return std::nullopt;
    if (!frequent.is_changed_seven_bit() && !frequent.is_random()) continue;
    ++random;
    if (!found) found = Keystream{.cell = frequent.bytes, .period_bytes = period_bytes, .phase_bytes = phase};
  }
  // More than half of a period: records that hold the same digest or picture again and again.
  return period_bytes == k_cell_bytes || random * 2 * k_cell_bytes <= period_bytes ? found : std::nullopt;
}

bool agrees(ByteView bytes, std::size_t at, const Cell& cell, std::size_t agreeing_min) {
  std::size_t agreeing = 0;
  for (std::size_t i = 0; i < k_cell_bytes; ++i) agreeing += bytes.u8(at + i) == cell[i] ? 1U : 0U;
  return agreeing >= agreeing_min;
}

std::vector<ByteRange> find_pieces(ByteView bytes, const Keystream& stream) {
  std::vector<ByteRange> ranges;
  std::size_t at = 0;
  while (at + k_cell_bytes <= bytes.size()) {
    const bool adjoins = at == (ranges.empty() ? 0 : ranges.back().to);
    const bool expected =
        stream.period_bytes == k_cell_bytes ? adjoins : at % stream.period_bytes == stream.phase_bytes;
    if (!agrees(bytes, at, stream.cell, expected ? k_agreeing_where_expected_min : k_agreeing_min)) {
      at += k_step_bytes;
      continue;
    }
    if (!ranges.empty() && adjoins)
      ranges.back().to = at + k_cell_bytes;
    else if (ranges.size() < k_ranges_max)
      ranges.push_back({.from = at, .to = at + k_cell_bytes});
    at += k_cell_bytes;
  }
  return ranges;
}

}  // namespace

std::optional<KeystreamReuse> find_keystream_reuse(ByteView bytes) {
  bytes = bytes.part(0, k_used_bytes_max);
  // Attacks leave the last incomplete step plain and append bytes of their own.
  const ByteView folded = bytes.part(0, bytes.size() - std::min(bytes.size() / 8, k_end_bytes_max));
  for (const std::size_t period : k_periods_bytes) {
    const std::optional<Keystream> stream =
        find_keystream(folded.part(0, period == k_cell_bytes ? k_head_bytes : k_fold_bytes_max), period);
    if (!stream) continue;
    return KeystreamReuse{.period_bytes = static_cast<std::uint32_t>(period), .ranges = find_pieces(bytes, *stream)};
  }
  return std::nullopt;
}

}  // namespace lastgood::verdict
