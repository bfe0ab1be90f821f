// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "verdict/phase_pattern.h"

#include <algorithm>
#include <array>

#include "verdict/randomness.h"

namespace lastgood::verdict {

namespace {

struct Fold {
  std::uint32_t period_bytes;
  std::uint32_t cell_bytes;
};
// Periods of known families and their neighbours; short ones first, so that a multiple never hides the true period.
constexpr std::array k_folds = {Fold{32, 16},    Fold{48, 16},    Fold{64, 16},   Fold{96, 16},   Fold{128, 16},
                                Fold{192, 64},   Fold{256, 64},   Fold{384, 64},  Fold{512, 64},  Fold{768, 64},
                                Fold{1024, 64},  Fold{1536, 64},  Fold{2048, 64}, Fold{4096, 64}, Fold{6400, 64},
                                Fold{8192, 512}, Fold{16384, 512}};
constexpr std::size_t k_phase_bytes_max = 1024 * 1024;
constexpr std::size_t k_phase_end_bytes_max = 2048;
constexpr std::size_t k_bytes_per_phase_min = 512;  // of each half

struct Phases {
  std::vector<double> statistic;
  std::size_t random = 0;
  std::size_t plain = 0;
};

Phases fold(base::ByteView bytes, std::uint64_t offset_bytes, const Fold& how) {
  const std::size_t phases = how.period_bytes / how.cell_bytes;
  std::vector<ByteCounts> counts(phases);
  const auto start = static_cast<std::uint32_t>(offset_bytes % how.period_bytes);
  std::size_t at = (how.cell_bytes - start % how.cell_bytes) % how.cell_bytes;
  std::size_t phase = ((start + at) / how.cell_bytes) % phases;
  for (; at + how.cell_bytes <= bytes.size(); at += how.cell_bytes) {
    for (const std::uint8_t byte : bytes.part(at, how.cell_bytes)) ++counts[phase][byte];
    phase = phase + 1 == phases ? 0 : phase + 1;
  }
  Phases result;
  for (const ByteCounts& count : counts) {
    const double statistic = chi_square(count);
    result.statistic.push_back(statistic);
    if (statistic > 0 && statistic < k_random_chi_square_max) ++result.random;
    if (statistic > k_plain_chi_square_min) ++result.plain;
  }
  return result;
}

/// The random phases as one run around the circle; empty when they are scattered.
std::optional<PhasePattern> run_of(const Phases& phases, const Fold& how) {
  const std::size_t count = phases.statistic.size();
  const auto is_random = [&](std::size_t i) { return phases.statistic[i % count] < k_random_chi_square_max; };
  std::size_t starts = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (is_random(i) && !is_random(i + count - 1)) {
      ++starts;
      start = i;
    }
  }
  if (starts != 1) return std::nullopt;
  return PhasePattern{.period_bytes = how.period_bytes,
                      .from_bytes = static_cast<std::uint32_t>(start) * how.cell_bytes,
                      .length_bytes = static_cast<std::uint32_t>(phases.random) * how.cell_bytes};
}

/// A first look at as few bytes as can tell anything: where every phase is plain already, more bytes change nothing.
bool may_have_random_phase(base::ByteView bytes, std::uint64_t offset_bytes, const Fold& how) {
  const std::size_t look_bytes = how.period_bytes / how.cell_bytes * k_bytes_per_phase_min;
  const std::size_t from = (bytes.size() - std::min(bytes.size(), look_bytes)) / 2;
  const Phases looked = fold(bytes.part(from, look_bytes), offset_bytes + from, how);
  return looked.plain < looked.statistic.size();
}

std::optional<PhasePattern> find_in(base::ByteView bytes, std::uint64_t offset_bytes, const Fold& how) {
  if (!may_have_random_phase(bytes, offset_bytes, how)) return std::nullopt;
  const Phases folded = fold(bytes, offset_bytes, how);
  // Every phase must be clearly one or the other, and both kinds must be there. No known pattern leaves less than a
  // quarter plain; records with one constant field do.
  if (folded.random == 0 || folded.plain * 4 < folded.statistic.size() ||
      folded.random + folded.plain != folded.statistic.size())
    return std::nullopt;
  return run_of(folded, how);
}

/// What lies between the random runs is not random cell by cell either: a few lost sectors at one phase of a compressed
/// content spoil the statistic of that phase and leave the others as they were.
bool is_plain_between(base::ByteView bytes, std::uint64_t offset_bytes, const PhasePattern& pattern) {
  std::size_t cells = 0;
  std::size_t random = 0;
  for (std::size_t at = 0; at + k_cell_bytes <= bytes.size(); at += k_cell_bytes) {
    const std::uint64_t phase = (offset_bytes + at + pattern.period_bytes - pattern.from_bytes) % pattern.period_bytes;
    if (phase < pattern.length_bytes || phase + k_cell_bytes > pattern.period_bytes) continue;
    ++cells;
    random += is_random_cell(bytes.part(at, k_cell_bytes)) ? 1U : 0U;
  }
  return random * 2 <= cells;
}

}  // namespace

std::optional<PhasePattern> find_phase_pattern(base::ByteView bytes, std::uint64_t offset_bytes) {
  // Attacks leave the last incomplete step plain and append bytes of their own: some zeros there spoil a whole phase.
  bytes = bytes.part(0, bytes.size() - std::min(bytes.size() / 8, k_phase_end_bytes_max)).part(0, k_phase_bytes_max);
  const std::size_t half = bytes.size() / 2;
  for (const Fold& how : k_folds) {
    if (half / (how.period_bytes / how.cell_bytes) < k_bytes_per_phase_min) continue;
    // A pattern goes on through the content: both halves must show the same one. A table that happens to begin at a
    // round offset does not.
    const auto first = find_in(bytes.part(0, half), offset_bytes, how);
    if (!first) continue;
    const auto second = find_in(bytes.part(half), offset_bytes + half, how);
    const bool same = second && second->from_bytes == first->from_bytes && second->length_bytes == first->length_bytes;
    if (same && is_plain_between(bytes, offset_bytes, *first)) return first;
  }
  return std::nullopt;
}

std::vector<model::ByteRange> ranges_of(const PhasePattern& pattern, std::uint64_t size_bytes, std::size_t ranges_max) {
  std::vector<model::ByteRange> ranges;
  for (std::uint64_t at = pattern.from_bytes; at < size_bytes && ranges.size() < ranges_max;
       at += pattern.period_bytes) {
    ranges.push_back({.from = at, .to = std::min(size_bytes, at + pattern.length_bytes)});
  }
  return ranges;
}

}  // namespace lastgood::verdict
