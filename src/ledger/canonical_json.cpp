// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/canonical_json.h"

#include "base/utf8.h"

namespace lastgood::ledger {

namespace {

constexpr std::string_view k_hex_digits = "0123456789abcdef";

/// The letter after the backslash for bytes that have one, else NUL.
char short_escape(char c) {
  switch (c) {
    case '"': return '"';
    case '\\': return '\\';
    case '\b': return 'b';
    case '\t': return 't';
    case '\n': return 'n';
    case '\f': return 'f';
    case '\r': return 'r';
    default: return '\0';
  }
}

/// The byte that an escape stands for, given what follows the backslash; its length goes into `length`.
std::optional<char> parse_escape(std::string_view text, std::size_t& length) {
  constexpr std::string_view k_letters = "\"\\btnfr";
  constexpr std::string_view k_bytes = "\"\\\b\t\n\f\r";
  if (text.empty()) return std::nullopt;
  const std::size_t at = k_letters.find(text[0]);
  if (at != std::string_view::npos) {
    length = 1;
    return k_bytes[at];
  }
  if (text.size() < 5 || !text.starts_with("u00")) return std::nullopt;
  const std::size_t high = k_hex_digits.find(text[3]);
  const std::size_t low = k_hex_digits.find(text[4]);
  if (high > 1 || low == std::string_view::npos) return std::nullopt;
  const char byte = static_cast<char>(high * 16 + low);
  if (short_escape(byte) != '\0') return std::nullopt;  // has a shorter spelling
  length = 5;
  return byte;
}

}  // namespace

void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (const char letter = short_escape(c); letter != '\0') {
      out += '\\';
      out += letter;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += k_hex_digits[static_cast<unsigned char>(c) >> 4U];
      out += k_hex_digits[static_cast<unsigned char>(c) & 15U];
    } else {
      out += c;
    }
  }
  out += '"';
}

bool Scanner::take(std::string_view expected) {
  if (!rest_.starts_with(expected)) return false;
  rest_.remove_prefix(expected.size());
  return true;
}

std::optional<std::int64_t> Scanner::take_integer(std::int64_t limit) {
  const std::size_t sign = next() == '-' ? 1 : 0;
  std::size_t end = sign;
  std::int64_t value = 0;
  while (end < rest_.size() && rest_[end] >= '0' && rest_[end] <= '9') {
    const std::int64_t digit = rest_[end] - '0';
    if (value > (limit - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
    ++end;
  }
  const bool leading_zero = end > sign + 1 && rest_[sign] == '0';
  const bool minus_zero = sign == 1 && value == 0;
  if (end == sign || leading_zero || minus_zero) return std::nullopt;
  rest_.remove_prefix(end);
  return sign == 1 ? -value : value;
}

std::optional<std::string> Scanner::take_text() {
  if (next() != '"') return std::nullopt;
  std::string out;
  std::size_t at = 1;
  while (at < rest_.size() && rest_[at] != '"') {
    if (static_cast<unsigned char>(rest_[at]) < 0x20) return std::nullopt;
    if (rest_[at] != '\\') {
      out += rest_[at++];
      continue;
    }
    std::size_t length = 0;
    const auto byte = parse_escape(rest_.substr(at + 1), length);
    if (!byte) return std::nullopt;
    out += *byte;
    at += 1 + length;
  }
  if (at >= rest_.size() || !base::is_utf8(out)) return std::nullopt;
  rest_.remove_prefix(at + 1);
  return out;
}

}  // namespace lastgood::ledger
