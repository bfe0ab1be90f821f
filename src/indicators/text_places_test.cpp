// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that 64 bytes at a time show the same places as one byte after another, wherever runs and signs fall.
#include "indicators/text_places.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace lastgood::indicators {
namespace {

using Shown = std::vector<std::string>;

std::string run_text(std::size_t from, std::size_t to) { return std::to_string(from) + "-" + std::to_string(to); }

/// Some anchors go on further behind, as brackets do.
std::size_t behind(std::size_t at) { return at % 7 == 0 ? at + 5 : at + 1; }

Shown one_by_one(std::string_view text) {
  Shown shown;
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_word_byte(text[at])) {
      const std::size_t from = at;
      while (at < text.size() && is_word_byte(text[at])) ++at;
      shown.push_back(run_text(from, at));
    } else if (std::string_view(".@:[({").find(text[at]) != std::string_view::npos) {
      shown.push_back(std::to_string(at));
      at = behind(at);
    } else {
      ++at;
    }
  }
  return shown;
}

Shown in_steps(std::string_view text) {
  Shown shown;
  visit_places(
      text, [&](std::size_t from, std::size_t to) { shown.push_back(run_text(from, to)); },
      [&](std::size_t at) {
        shown.push_back(std::to_string(at));
        return behind(at);
      });
  return shown;
}

TEST(TextPlaces, every_byte_is_of_the_same_kind_as_alone) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    EXPECT_EQ(in_steps(text), one_by_one(text)) << byte;
  }
}

TEST(TextPlaces, steps_show_what_single_bytes_show) {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same texts in each run
  const std::string dense = "abcXYZ019.@:[({ -\n";
  for (int round = 0; round < 3000; ++round) {
    std::string text(random() % 300, ' ');
    for (char& c : text) c = round % 2 == 0 ? dense[random() % dense.size()] : static_cast<char>(random());
    if (round % 5 == 0) text.insert(text.size() / 2, std::string(random() % 200, 'x'));
    ASSERT_EQ(in_steps(text), one_by_one(text)) << text;
  }
}

}  // namespace
}  // namespace lastgood::indicators
