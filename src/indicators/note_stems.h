// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// All stems of note_words_table.cpp found in one pass: there are more than a thousand, and a text is as long as ten
// thousand letters.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lastgood::indicators {

/// Topics follow, in the order of note_topics().
enum class StemGroup : std::uint8_t { harm, hint, owner, supposed, thing, voice, report, office, first_topic };

/// Those before it are also placed.
inline constexpr std::size_t k_placed_groups = static_cast<std::size_t>(StemGroup::voice);

inline constexpr std::size_t k_topics = 6;
inline constexpr std::size_t k_stem_groups = static_cast<std::size_t>(StemGroup::first_topic) + k_topics;

struct FoundStems {
  struct Place {
    std::size_t at = 0;
    StemGroup group = StemGroup::harm;
  };
  std::array<std::size_t, k_stem_groups> distinct = {};  // different stems of each group
  std::vector<Place> places;                             // of the placed groups, ascending

  [[nodiscard]] std::size_t of(StemGroup group) const { return distinct.at(static_cast<std::size_t>(group)); }
  [[nodiscard]] bool has_topic(std::size_t topic) const {
    return distinct.at(static_cast<std::size_t>(StemGroup::first_topic) + topic) > 0;
  }
};

/// `folded`: as fold_text leaves it.
FoundStems find_note_stems(std::string_view folded);

/// Any of loss_stems() in either case, in text as stored.
bool has_loss_stem(std::string_view text);

}  // namespace lastgood::indicators
