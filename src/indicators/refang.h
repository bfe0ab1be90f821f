// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Addresses that somebody wrote so that no program makes a link of them: "hxxps://evil[.]example", "a (at) b [dot] c".
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lastgood::indicators {

/// A mark at `text[at]`: what it stands for, and how many bytes it takes, blanks around a spelled one included.
struct DefangMark {
  std::string_view meaning;      // ".", "@", ":", "://", "/"; empty: there is none
  std::size_t from = 0;          // where it begins: blanks before "[at]" are part of it
  std::size_t length_bytes = 0;  // from there
};
/// REQUIRES: text[at] is one of "[({".
[[nodiscard]] DefangMark find_defang_mark(std::string_view text, std::size_t at);

/// The words around such a mark as they were meant, with where each letter came from.
struct Refanged {
  std::string text;
  std::vector<std::size_t> origins;  // of each letter, in the text given; one more for the end
};
/// The run of words without blanks around `at`, at most some hundred bytes to each side, all marks in it replaced.
[[nodiscard]] Refanged refang_around(std::string_view text, std::size_t at);

}  // namespace lastgood::indicators
