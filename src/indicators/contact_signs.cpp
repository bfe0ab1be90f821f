// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/contact_signs.h"

#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace lastgood::indicators {

namespace {

/// A word and the place in it of three letters that are rarer than its first ones.
struct Sign {
  std::string_view word;
  std::size_t core = 0;
};

constexpr std::array k_signs = {Sign{"onion", 1},  Sign{"ONION", 1},  Sign{"t.me/", 1}, Sign{"&#64;", 0},
                                Sign{"&#x40;", 0}, Sign{"commat", 2}, Sign{"'40", 0}};

bool has_word_around(std::string_view text, std::size_t at) {
  return std::any_of(k_signs.begin(), k_signs.end(), [&](const Sign& sign) {
    return at >= sign.core && text.substr(at - sign.core, sign.word.size()) == sign.word;
  });
}

constexpr std::size_t k_step_bytes = 16;

/// The cores of all words at once, at sixteen places: "nio" in either case, ".me", "&#6", "&#x", "mma", "'40".
unsigned cores_at(const char* from) {
  const auto load = [&](std::size_t skip) {
    return _mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(from + skip)));
  };
  const auto is = [](__m128i bytes, char letter) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(letter)); };
  const __m128i first = load(0);
  const __m128i second = load(1);
  const __m128i third = load(2);
  const __m128i lower = _mm_set1_epi8(0x20);
  const __m128i onion =
      _mm_and_si128(_mm_and_si128(is(_mm_or_si128(first, lower), 'n'), is(_mm_or_si128(second, lower), 'i')),
                    is(_mm_or_si128(third, lower), 'o'));
  const __m128i telegram = _mm_and_si128(_mm_and_si128(is(first, '.'), is(second, 'm')), is(third, 'e'));
  const __m128i entity =
      _mm_and_si128(_mm_and_si128(is(first, '&'), is(second, '#')), _mm_or_si128(is(third, '6'), is(third, 'x')));
  const __m128i named = _mm_and_si128(_mm_and_si128(is(first, 'm'), is(second, 'm')), is(third, 'a'));
  const __m128i rich = _mm_and_si128(_mm_and_si128(is(first, '\''), is(second, '4')), is(third, '0'));
  const __m128i any = _mm_or_si128(_mm_or_si128(_mm_or_si128(onion, telegram), _mm_or_si128(entity, named)), rich);
  return static_cast<unsigned>(_mm_movemask_epi8(any));
}

bool has_word(std::string_view text) {
  std::size_t at = 0;
  for (; at + k_step_bytes + 2 <= text.size(); at += k_step_bytes) {
    for (unsigned cores = cores_at(text.data() + at); cores != 0; cores &= cores - 1) {
      if (has_word_around(text, at + static_cast<std::size_t>(__builtin_ctz(cores)))) return true;
    }
  }
  for (; at < text.size(); ++at) {
    if (has_word_around(text, at)) return true;
  }
  return false;
}

}  // namespace

bool is_wide_text(base::ByteView text) {
  return text.matches(0, "\xFF\xFE") || text.matches(0, "\xFE\xFF") ||
         (text.size() >= 4 && text.u8(1) == 0 && text.u8(3) == 0);
}

bool has_hex_run(std::string_view text, bool (*fits)(std::string_view run)) {
  // Whatever is so long covers a whole piece of 32 bytes.
  constexpr std::size_t k_step = 32;
  constexpr std::size_t k_side_bytes_max = 76;
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); };
  for (std::size_t at = k_step; at < text.size(); at += k_step) {
    if (!is_hex(text[at]) || !is_hex(text[at - k_step])) continue;
    std::size_t from = at;
    std::size_t to = at;
    while (from > 0 && at - from <= k_side_bytes_max && is_hex(text[from - 1])) --from;
    while (to < text.size() && to - at <= k_side_bytes_max && is_hex(text[to])) ++to;
    if (to - from >= k_hex_run_bytes_min && fits(text.substr(from, to - from))) return true;
  }
  return false;
}

bool has_contact_sign(base::ByteView text) {
  return text.text().find('@') != std::string_view::npos || is_wide_text(text) || has_word(text.text()) ||
         has_hex_run(text.text(), [](std::string_view) { return true; });
}

}  // namespace lastgood::indicators
