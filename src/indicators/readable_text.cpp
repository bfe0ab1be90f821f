// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/readable_text.h"

#include <array>
#include <cstdint>

#include "base/utf8.h"

namespace lastgood::indicators {

namespace {

using base::ByteView;

// Base letters of U+00C0 to U+017F and of U+1EA0 to U+1EF9.
constexpr std::string_view k_latin_letters =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo "
    "ouuuuytyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiii"
    "jjkkkllllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
constexpr std::string_view k_vietnamese_letters =
    "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy";

bool is_between(std::uint32_t code, std::uint32_t from, std::uint32_t to) { return code >= from && code <= to; }

/// Lower case without accents; the sigma at the end of a word is as any other.
std::uint32_t fold_greek(std::uint32_t code) {
  struct Accented {
    std::uint32_t from;
    std::uint32_t to;
  };
  constexpr std::array<Accented, 15> k_accented = {{{0x386, 0x3B1},
                                                    {0x388, 0x3B5},
                                                    {0x389, 0x3B7},
                                                    {0x38A, 0x3B9},
                                                    {0x38C, 0x3BF},
                                                    {0x38E, 0x3C5},
                                                    {0x38F, 0x3C9},
                                                    {0x3AC, 0x3B1},
                                                    {0x3AD, 0x3B5},
                                                    {0x3AE, 0x3B7},
                                                    {0x3AF, 0x3B9},
                                                    {0x3C2, 0x3C3},
                                                    {0x3CC, 0x3BF},
                                                    {0x3CD, 0x3C5},
                                                    {0x3CE, 0x3C9}}};
  for (const Accented& letter : k_accented) {
    if (letter.from == code) return letter.to;
  }
  return is_between(code, 0x391, 0x3A9) ? code + 32 : code;
}

/// Lower case without accents; 0: this character says nothing (marks on others, joiners, soft hyphens).
std::uint32_t fold_letter(std::uint32_t code) {
  if (is_between(code, 'A', 'Z')) return code + 32;
  if (code < 0xA0) return code;
  if (code == 0xA0 || code == 0x3000 || is_between(code, 0x2000, 0x200A)) return ' ';
  if (code == 0xAD || code == 0xFEFF || is_between(code, 0x200B, 0x200F) || is_between(code, 0x300, 0x36F)) return 0;
  if (is_between(code, 0xC0, 0x17F)) return static_cast<unsigned char>(k_latin_letters[code - 0xC0]);
  if (code == 0x1A0 || code == 0x1A1) return 'o';
  if (code == 0x1AF || code == 0x1B0) return 'u';
  if (code == 0x218 || code == 0x219) return 's';
  if (code == 0x21A || code == 0x21B) return 't';
  if (is_between(code, 0x1EA0, 0x1EF9)) return static_cast<unsigned char>(k_vietnamese_letters[code - 0x1EA0]);
  if (is_between(code, 0x386, 0x3CE)) return fold_greek(code);
  if (is_between(code, 0x410, 0x42F)) return code + 32;
  if (is_between(code, 0x400, 0x40F)) return code + 80;
  if (code == 0x2018 || code == 0x2019) return '\'';
  return code;
}

/// REQUIRES: a well-formed character of `length` bytes stands at `at`.
std::uint32_t code_at(std::string_view text, std::size_t at, std::size_t length) {
  const auto byte = [&](std::size_t i) { return std::uint32_t{static_cast<std::uint8_t>(text[at + i])}; };
  if (length == 1) return byte(0);
  std::uint32_t code = byte(0) & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (byte(i) & 0x3F);
  return code;
}

}  // namespace

std::string readable_text(ByteView bytes) {
  const bool big = bytes.matches(0, "\xFE\xFF") || (bytes.u8(0) == 0 && bytes.u8(1) != 0);
  const bool wide = big || bytes.matches(0, "\xFF\xFE") || (bytes.u8(0) != 0 && bytes.u8(1) == 0 && bytes.size() > 1);
  std::string text = wide ? base::utf8_of_utf16(bytes.text(), big ? base::ByteOrder::big : base::ByteOrder::little)
                          : std::string(bytes.text());
  if (text.starts_with("{\\rtf")) return text_of_rtf(text);
  if (text.find('<') != std::string::npos || text.find('&') != std::string::npos) return text_of_markup(text);
  return text;
}

std::string fold_text(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  std::size_t at = 0;
  while (at < utf8.size()) {
    const std::size_t length = base::utf8_length_at(utf8, at);
    const std::uint32_t code = length == 0 ? '?' : fold_letter(code_at(utf8, at, length));
    at += length == 0 ? 1 : length;
    if (code == 0) continue;
    if (code > ' ') {
      base::append_utf8(out, code);
      continue;
    }
    const bool ends_line = code == '\n' || code == '\r';
    if (out.empty()) continue;
    if (out.back() == ' ' || out.back() == '\n') {
      if (ends_line) out.back() = '\n';
    } else {
      out += ends_line ? '\n' : ' ';
    }
  }
  return out;
}

}  // namespace lastgood::indicators
