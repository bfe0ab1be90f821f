// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/plain_text.h"

#include <cstdint>

namespace lastgood::indicators {

namespace {

using base::ByteView;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 63));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 63));
    out += static_cast<char>(0x80 | (code & 63));
  }
}

std::string from_utf16(ByteView text) {
  const bool big = text.matches(0, "\xFE\xFF") || (text.u8(0) == 0 && text.u8(1) != 0);
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) append_utf8(out, big ? text.be16(at) : text.le16(at));
  return out;
}

/// Takes "<...>" out and decodes "&#123;" and "&#xAB;".
std::string without_markup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '<') {
      const std::size_t end = text.find('>', at);
      if (end == std::string_view::npos) break;
      out += ' ';
      at = end;
    } else if (text[at] == '&' && at + 2 < text.size() && text[at + 1] == '#' && is_digit(text[at + 2])) {
      std::uint32_t code = 0;
      std::size_t digit = at + 2;
      while (digit < text.size() && is_digit(text[digit]) && code < 0x10000)
        code = code * 10 + static_cast<std::uint32_t>(text[digit++] - '0');
      append_utf8(out, code);
      at = digit < text.size() && text[digit] == ';' ? digit : digit - 1;
    } else {
      out += text[at];
    }
  }
  return out;
}

/// RTF 1.9: "\word123 ", "\'e9", "\u1074?", "{" and "}".
std::string without_rtf(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '{' || c == '}') continue;
    if (c != '\\' || at + 1 >= text.size()) {
      out += c;
      continue;
    }
    const char next = text[at + 1];
    if (next == '\'' && at + 3 < text.size()) {
      const auto nibble = [](char h) {
        return static_cast<std::uint32_t>(is_digit(h) ? h - '0' : (h | 0x20) - 'a' + 10) & 15;
      };
      append_utf8(out, nibble(text[at + 2]) << 4 | nibble(text[at + 3]));
      at += 3;
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && is_letter(text[end])) ++end;
    const std::string_view word = text.substr(at + 1, end - at - 1);
    const bool negative = end < text.size() && text[end] == '-';
    if (negative) ++end;
    std::int32_t number = 0;
    while (end < text.size() && is_digit(text[end]) && number < 1'000'000) number = number * 10 + (text[end++] - '0');
    if (word == "u")
      append_utf8(out, static_cast<std::uint32_t>(negative ? 65536 - number : number) & 0xFFFF);
    else if (word == "par" || word == "line" || word == "tab")
      out += ' ';
    // One blank, or after "\u" one replacement character, belongs to the word.
    at = end < text.size() && (text[end] == ' ' || (word == "u" && text[end] == '?')) ? end : end - 1;
    if (word.empty()) at += 1;
  }
  return out;
}

}  // namespace

std::string plain_text(ByteView bytes) {
  const bool wide =
      bytes.matches(0, "\xFF\xFE") || bytes.matches(0, "\xFE\xFF") || (bytes.u8(0) == 0) != (bytes.u8(1) == 0);
  std::string text = wide ? from_utf16(bytes) : std::string(bytes.text());
  if (text.starts_with("{\\rtf"))
    text = without_rtf(text);
  else if (text.find('<') != std::string::npos)
    text = without_markup(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const bool blank = c == ' ' || (c >= 0 && c < ' ');
    if (!blank)
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return out;
}

}  // namespace lastgood::indicators
