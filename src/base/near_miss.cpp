// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/near_miss.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/letters.h"

namespace lastgood::base {

namespace {

constexpr std::size_t k_letters_max = 64;

/// Optimal string alignment distance; three rows of the table are enough.
std::size_t distance_of(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, k_letters_max + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0].at(j) = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows.at(i % 3);
    const auto& above = rows.at((i + 2) % 3);
    const auto& two_above = rows.at((i + 1) % 3);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
      row.at(j) = std::min({above.at(j) + 1, row.at(j - 1) + 1, above.at(j - 1) + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row.at(j) = std::min(row.at(j), two_above.at(j - 2) + 1);
    }
  }
  return rows.at(a.size() % 3).at(b.size());
}

}  // namespace

std::string_view find_near_miss(std::string_view word, std::span<const std::string_view> known) {
  if (word.empty() || word.size() > k_letters_max) return {};
  std::string_view best;
  std::size_t best_distance = std::min<std::size_t>(2, std::max<std::size_t>(1, word.size() / 3)) + 1;
  for (const std::string_view candidate : known) {
    if (candidate.size() > k_letters_max) continue;
    const std::size_t distance = distance_of(word, candidate);
    if (distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

}  // namespace lastgood::base
