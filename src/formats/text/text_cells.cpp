// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/text/text_cells.h"

#include <algorithm>
#include <array>

#include "base/utf8.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace lastgood::formats {

namespace {

constexpr std::size_t k_longest_character_bytes = 4;

// A byte is ordinary when it is 0x20..0x7E or 0x09..0x0D.
#if defined(__SSE2__)

__m128i load(const std::uint8_t* at) {
  __m128i value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// Bytes that are not ordinary become 0xFF. Signed comparison: bytes above 0x7F count as negative.
__m128i odd_bytes(__m128i bytes) {
  const __m128i below_space = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20));
  const __m128i from_tab = _mm_cmpgt_epi8(bytes, _mm_set1_epi8(0x08));
  const __m128i to_return = _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x0E));
  const __m128i white = _mm_and_si128(from_tab, to_return);
  const __m128i deletes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F));
  return _mm_or_si128(_mm_andnot_si128(white, below_space), deletes);
}

bool is_ordinary_cell(const std::uint8_t* at) { return _mm_movemask_epi8(odd_bytes(load(at))) == 0; }

bool are_ordinary_four_cells(const std::uint8_t* at) {
  const __m128i low = _mm_or_si128(odd_bytes(load(at)), odd_bytes(load(at + 16)));
  const __m128i high = _mm_or_si128(odd_bytes(load(at + 32)), odd_bytes(load(at + 48)));
  return _mm_movemask_epi8(_mm_or_si128(low, high)) == 0;
}

#else

bool is_ordinary_cell(const std::uint8_t* at) {
  unsigned odd = 0;
  for (std::size_t i = 0; i < k_cell_bytes; ++i) {
    const unsigned byte = at[i];
    odd |= static_cast<unsigned>(byte - 0x20U > 0x7EU - 0x20U) & static_cast<unsigned>(byte - 0x09U > 0x0DU - 0x09U);
  }
  return odd == 0;
}

bool are_ordinary_four_cells(const std::uint8_t* at) {
  return is_ordinary_cell(at) && is_ordinary_cell(at + 16) && is_ordinary_cell(at + 32) && is_ordinary_cell(at + 48);
}

#endif

}  // namespace

std::size_t plain_ascii_prefix_bytes(std::span<const std::uint8_t> bytes) {
  std::size_t at = 0;
  while (at + 4 * k_cell_bytes <= bytes.size() && are_ordinary_four_cells(bytes.data() + at)) at += 4 * k_cell_bytes;
  while (at + k_cell_bytes <= bytes.size() && is_ordinary_cell(bytes.data() + at)) at += k_cell_bytes;
  return at;
}

std::size_t zero_prefix_bytes(std::span<const std::uint8_t> bytes) {
  std::size_t at = 0;
  while (at + k_cell_bytes <= bytes.size()) {
    std::array<std::uint64_t, 2> words{};
    std::memcpy(words.data(), bytes.data() + at, sizeof words);
    if ((words[0] | words[1]) != 0) break;
    at += k_cell_bytes;
  }
  return at;
}

CellFacts CellReader::read(std::size_t from, std::size_t length) {
  CellFacts facts;
  const std::string_view text = piece_.text();
  const std::size_t end = std::min(from + length, text.size());
  if (next_ > from) facts.multibyte += static_cast<std::uint32_t>(std::min(next_, end) - from);
  std::size_t at = std::max(next_, from);
  while (at < end) {
    const std::uint8_t byte = piece_.u8(at);
    if (byte < 0x80) {
      facts.nuls += byte == 0 ? 1U : 0U;
      facts.hard_controls += is_hard_control(byte) ? 1U : 0U;
      ++at;
      continue;
    }
    std::size_t count = base::utf8_length_at(text, at);
    // Cut by the piece's edges: nothing speaks against it.
    const bool cut_before = at < k_longest_character_bytes - 1 && byte < 0xC0 && next_ == 0;
    const bool cut_behind = count == 0 && byte >= 0xC2 && byte < 0xF5 && text.size() - at < k_longest_character_bytes;
    if (cut_before || cut_behind) count = 1;
    if (count == 0) {
      ++facts.bad_high;
      ++at;
      continue;
    }
    facts.multibyte += static_cast<std::uint32_t>(std::min(at + count, end) - at);
    facts.long_characters += count > 2 ? 1U : 0U;
    at += count;
  }
  next_ = at;
  return facts;
}

}  // namespace lastgood::formats
