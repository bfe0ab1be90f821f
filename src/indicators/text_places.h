// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The places of a text at which an indicator may begin, found 64 bytes at a time: runs of letters and digits, and the
// few signs that stand within addresses. Private to indicators/.
#pragma once

#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lastgood::indicators {

inline constexpr std::size_t k_step_of_places = 64;

/// One bit for each of 64 bytes.
struct Places {
  std::uint64_t words = 0;    // ASCII letters and digits
  std::uint64_t anchors = 0;  // one of ".@:[({"
};

/// REQUIRES: 64 bytes behind `from`.
inline Places places_at(const char* from) {
  Places places;
  // Compared as signed bytes, each range moved to the lowest values.
  const auto in_range = [](__m128i bytes, char first, char count) {
    const __m128i moved = _mm_add_epi8(bytes, _mm_set1_epi8(static_cast<char>(-128 - first)));
    return _mm_cmplt_epi8(moved, _mm_set1_epi8(static_cast<char>(-128 + count)));
  };
  const auto is = [](__m128i bytes, char one) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(one)); };
  const auto bits = [](__m128i mask, unsigned part) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(mask))) << (16 * part);
  };
  for (unsigned part = 0; part < 4; ++part) {
    const __m128i bytes =
        _mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(from + std::size_t{16} * part)));
    const __m128i low = _mm_or_si128(bytes, _mm_set1_epi8(0x20));  // "[" becomes "{"
    places.words |= bits(_mm_or_si128(in_range(low, 'a', 26), in_range(bytes, '0', 10)), part);
    const __m128i signs =
        _mm_or_si128(_mm_or_si128(is(bytes, '.'), is(bytes, '@')), _mm_or_si128(is(bytes, ':'), is(bytes, '(')));
    places.anchors |= bits(_mm_or_si128(signs, is(low, '{')), part);
  }
  return places;
}

/// The same of fewer bytes: those that are missing are nothing.
inline Places places_in(std::string_view text) {
  char padded[k_step_of_places] = {};
  std::copy_n(text.begin(), std::min(text.size(), k_step_of_places), padded);
  return places_at(padded);
}

inline bool is_word_byte(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Shows every run of letters and digits, `on_run(from, to)`, and every anchor, `on_anchor(at)`, in order. An anchor
/// says where the pass goes on, behind it.
template <typename OnRun, typename OnAnchor>
void visit_places(std::string_view text, OnRun on_run, OnAnchor on_anchor) {
  std::size_t base = 0;
  while (base < text.size()) {
    const bool is_whole = text.size() - base >= k_step_of_places;
    const Places places = is_whole ? places_at(text.data() + base) : places_in(text.substr(base));
    const std::uint64_t begins = places.words & ~(places.words << 1U);
    std::size_t next = base + k_step_of_places;
    for (std::uint64_t left = begins | places.anchors; left != 0; left &= left - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(left));
      const std::size_t at = base + bit;
      if ((places.anchors >> bit & 1U) != 0) {
        const std::size_t to = on_anchor(at);
        if (to == at + 1) continue;
        next = to;
        break;
      }
      const auto length = static_cast<unsigned>(std::countr_one(places.words >> bit));
      std::size_t to = at + length;
      if (bit + length < k_step_of_places) {
        on_run(at, to);
        continue;
      }
      while (to < text.size() && is_word_byte(text[to])) ++to;
      on_run(at, to);
      next = to;
    }
    base = next;
  }
}

}  // namespace lastgood::indicators
