// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/refang.h"

#include <algorithm>
#include <array>

#include "base/letters.h"

namespace lastgood::indicators {

namespace {

using base::lower;

constexpr std::size_t k_side_bytes_max = 400;

struct Spelling {
  std::string_view inside;  // between the brackets, lower case
  std::string_view meaning;
  bool is_word;  // blanks around the brackets belong to it
};
constexpr std::array k_spellings = {
    Spelling{".", ".", false},     Spelling{"dot", ".", true}, Spelling{"@", "@", false}, Spelling{"at", "@", true},
    Spelling{"://", "://", false}, Spelling{":", ":", false},  Spelling{"/", "/", false}, Spelling{"punkt", ".", true},
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_end(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '<' || c == '>' || c == '\''; }

bool equals(std::string_view text, std::string_view low) {
  return text.size() == low.size() &&
         std::equal(text.begin(), text.end(), low.begin(), [](char a, char b) { return lower(a) == b; });
}

}  // namespace

DefangMark find_defang_mark(std::string_view text, std::size_t at) {
  const char close = text[at] == '[' ? ']' : text[at] == '(' ? ')' : '}';
  const std::size_t end = text.substr(at + 1, 7).find(close);
  if (end == std::string_view::npos) return {};
  const std::string_view inside = text.substr(at + 1, end);
  for (const Spelling& spelling : k_spellings) {
    if (!equals(inside, spelling.inside)) continue;
    std::size_t from = at;
    std::size_t to = at + end + 2;
    if (spelling.is_word && from > 0 && is_blank(text[from - 1]) && to < text.size() && is_blank(text[to])) {
      --from;
      ++to;
    }
    return {.meaning = spelling.meaning, .from = from, .length_bytes = to - from};
  }
  return {};
}

Refanged refang_around(std::string_view text, std::size_t at) {
  const std::size_t low = at > k_side_bytes_max ? at - k_side_bytes_max : 0;
  const std::size_t high = std::min(text.size(), at + k_side_bytes_max);
  // Back to a blank that is no part of a mark.
  std::size_t from = std::min(at, find_defang_mark(text, at).from);
  while (from > low && !is_end(text[from - 1])) --from;
  Refanged out;
  for (std::size_t i = from; i < high;) {
    const bool may_be_word = is_blank(text[i]) && i + 1 < high;
    const std::size_t bracket = may_be_word ? i + 1 : i;
    if (text[bracket] == '[' || text[bracket] == '(' || text[bracket] == '{') {
      const DefangMark mark = find_defang_mark(text, bracket);
      if (!mark.meaning.empty() && mark.from == i) {
        for (const char c : mark.meaning) {
          out.text += c;
          out.origins.push_back(i);
        }
        i += mark.length_bytes;
        continue;
      }
    }
    if (is_end(text[i])) {
      out.origins.push_back(i);
      return out;
    }
    out.text += text[i];
    out.origins.push_back(i++);
  }
  out.origins.push_back(high);
  return out;
}

}  // namespace lastgood::indicators
