// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/foreign_digits.h"

#include <cstdint>

namespace lastgood::base {

ForeignDigit find_foreign_digit(std::string_view text) {
  const auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0U; };
  const auto digit = [&](std::uint32_t offset, std::size_t bytes) {
    return offset < 10 ? ForeignDigit{static_cast<char>('0' + offset), bytes} : ForeignDigit{};
  };
  // Devanagari U+0966, then every 128: Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu, Kannada, Malayalam U+0D66.
  if (byte(0) == 0xE0 && byte(1) >= 0xA5 && byte(1) <= 0xB5 && byte(1) % 2 == 1) return digit(byte(2) - 0xA6U, 3);
  if (byte(0) == 0xD9) return digit(byte(1) - 0xA0U, 2);                     // Arabic U+0660
  if (byte(0) == 0xDB) return digit(byte(1) - 0xB0U, 2);                     // Persian and Urdu U+06F0
  if (byte(0) == 0xEF && byte(1) == 0xBC) return digit(byte(2) - 0x90U, 3);  // full width U+FF10
  return {};
}

std::string_view with_ascii_digits(std::string_view text, std::string& scratch) {
  const auto next = [&](std::size_t from) {
    while (from < text.size() && find_foreign_digit(text.substr(from)).bytes == 0) ++from;
    return from;
  };
  std::size_t at = next(0);
  if (at == text.size()) return text;
  scratch.assign(text.substr(0, at));
  while (at < text.size()) {
    const ForeignDigit found = find_foreign_digit(text.substr(at));
    scratch += found.digit;
    const std::size_t from = at + found.bytes;
    at = next(from);
    scratch += text.substr(from, at - from);
  }
  return scratch;
}

}  // namespace lastgood::base
