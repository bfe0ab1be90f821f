// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/text/text_cells.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

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

/// Bit i stands for byte i.
std::uint32_t bits_of(__m128i low, __m128i high) {
  return static_cast<std::uint32_t>(_mm_movemask_epi8(low)) |
         (static_cast<std::uint32_t>(_mm_movemask_epi8(high)) << 16);
}

/// What 32 bytes are, as bits. Signed comparison: 0x80 is -128, 0xFF is -1.
class ByteKinds {
 public:
  explicit ByteKinds(const std::uint8_t* at) : low_(load(at)), high_(load(at + 16)) {}
  [[nodiscard]] std::uint32_t are(int value) const {
    const __m128i wanted = _mm_set1_epi8(static_cast<char>(value));
    return bits_of(_mm_cmpeq_epi8(low_, wanted), _mm_cmpeq_epi8(high_, wanted));
  }
  [[nodiscard]] std::uint32_t are_below(int value) const {
    const __m128i limit = _mm_set1_epi8(static_cast<char>(value));
    return bits_of(_mm_cmplt_epi8(low_, limit), _mm_cmplt_epi8(high_, limit));
  }
  [[nodiscard]] std::uint32_t lie_in(int from, int to) const { return are_below(to + 1) & ~are_below(from); }

 private:
  __m128i low_;
  __m128i high_;
};

/// Characters of UTF-8 that begin in the first 16 bytes of 32: their first bytes, and which bytes follow in them.
struct Characters {
  std::uint32_t leads = 0;
  std::uint32_t long_leads = 0;  // of three and four bytes
  std::uint32_t followers = 0;
};

/// The Unicode Standard, table 3-7. No byte that follows can lead, so all characters are found at once.
Characters find_characters(const ByteKinds& kinds) {
  constexpr std::uint32_t k_cell = 0xFFFF;
  const std::uint32_t follows = kinds.are_below(-0x40);  // 80..BF
  const std::uint32_t next_below_a0 = kinds.are_below(-0x60) >> 1;
  const std::uint32_t next_below_90 = kinds.are_below(-0x70) >> 1;
  const std::uint32_t one = follows >> 1, two = one & (follows >> 2), three = two & (follows >> 3);
  const std::uint32_t pairs = kinds.lie_in(-0x3E, -0x21) & one & k_cell;  // C2..DF
  const std::uint32_t wrong_triples = (kinds.are(-0x20) & next_below_a0) | (kinds.are(-0x13) & ~next_below_a0);
  const std::uint32_t triples = kinds.lie_in(-0x20, -0x11) & two & ~wrong_triples & k_cell;  // E0..EF
  const std::uint32_t wrong_fours = (kinds.are(-0x10) & next_below_90) | (kinds.are(-0x0C) & ~next_below_90);
  const std::uint32_t fours = kinds.lie_in(-0x10, -0x0C) & three & ~wrong_fours & k_cell;  // F0..F4
  const std::uint32_t leads = pairs | triples | fours, long_leads = triples | fours;
  return {.leads = leads, .long_leads = long_leads, .followers = (leads << 1) | (long_leads << 2) | (fours << 3)};
}

/// Counts the bits of four cells at once: without an instruction for it one count costs as much as four.
std::uint64_t count_in_each(std::uint64_t lanes) {
  lanes -= (lanes >> 1) & 0x5555555555555555;
  lanes = (lanes & 0x3333333333333333) + ((lanes >> 2) & 0x3333333333333333);
  lanes = (lanes + (lanes >> 4)) & 0x0F0F0F0F0F0F0F0F;
  return (lanes + (lanes >> 8)) & 0x001F001F001F001F;
}

/// `CellReader::read` of the first 16 of 32 bytes, `taken` of which belong to the character before. Says how many bytes
/// behind the cell belong to its last character.
std::size_t read_cell(const std::uint8_t* at, std::size_t taken, CellFacts& facts) {
  constexpr std::uint64_t k_cell = 0xFFFF;
  const ByteKinds kinds(at);
  const Characters characters = find_characters(kinds);
  const std::uint64_t inside = (characters.leads | characters.followers | ((1U << taken) - 1)) & k_cell;
  const std::uint64_t stray = kinds.are_below(0) & ~inside & k_cell;
  const std::uint64_t nuls = kinds.are(0) & k_cell;
  const std::uint32_t fine = kinds.lie_in(0x08, 0x0D) | kinds.are(0x1B);
  const std::uint64_t hard = ((kinds.lie_in(0x01, 0x1F) & ~fine) | kinds.are(0x7F)) & k_cell;
  const std::uint64_t counts = count_in_each(inside | (stray << 16) | (nuls << 32) | (hard << 48));
  facts.multibyte = counts & 0xFF;
  facts.bad_high = (counts >> 16) & 0xFF;
  facts.nuls = (counts >> 32) & 0xFF;
  facts.hard_controls = (counts >> 48) & 0xFF;
  if (characters.long_leads != 0)
    facts.long_characters = static_cast<std::uint32_t>(std::popcount(characters.long_leads));
  return static_cast<std::size_t>(std::bit_width(characters.followers >> 16));
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
#if defined(__SSE2__)
  // Away from the piece's edges, where characters may be cut.
  if (length == k_cell_bytes && from >= k_cell_bytes && from + 2 * k_cell_bytes <= text.size()) {
    const std::size_t taken = std::min(next_ > from ? next_ - from : 0, k_cell_bytes);
    next_ = from + k_cell_bytes + read_cell(piece_.span().data() + from, taken, facts);
    return facts;
  }
#endif
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
