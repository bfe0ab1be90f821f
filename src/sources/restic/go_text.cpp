// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/go_text.h"

#include "base/utf8.h"

namespace lastgood::sources::restic {

namespace {

/// `count` digits of `radix` at `at`; nothing when there are fewer.
std::optional<std::uint32_t> digits_at(std::string_view text, std::size_t at, std::size_t count, std::uint32_t radix) {
  if (at > text.size() || text.size() - at < count) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    const char c = text[i];
    std::uint32_t digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A') + 10;
    if (digit >= radix) return std::nullopt;
    value = value * radix + digit;
  }
  return value;
}

char simple_escape(char c) {
  switch (c) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case '\\': return '\\';
    case '"': return '"';
    default: return '\0';
  }
}

bool append_code(std::string& out, std::optional<std::uint32_t> code) {
  if (!code || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF)) return false;
  base::append_utf8(out, *code);
  return true;
}

bool append_byte(std::string& out, std::optional<std::uint32_t> byte) {
  if (!byte || *byte > 0xFF) return false;
  out.push_back(static_cast<char>(*byte));
  return true;
}

/// The escape whose letter stands at `at`: appends what it means and gives its length without the backslash; 0: none.
std::size_t append_escape(std::string& out, std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const char c = text[at];
  if (c == 'x') return append_byte(out, digits_at(text, at + 1, 2, 16)) ? 3 : 0;
  if (c == 'u') return append_code(out, digits_at(text, at + 1, 4, 16)) ? 5 : 0;
  if (c == 'U') return append_code(out, digits_at(text, at + 1, 8, 16)) ? 9 : 0;
  if (c >= '0' && c <= '7') return append_byte(out, digits_at(text, at, 3, 8)) ? 3 : 0;
  const char meant = simple_escape(c);
  if (meant == '\0') return 0;
  out.push_back(meant);
  return 1;
}

}  // namespace

std::optional<std::string> unquote_go(std::string_view quoted) {
  if (quoted.find_first_of("\\\"\n") == std::string_view::npos) return std::string(quoted);
  std::string out;
  out.reserve(quoted.size());
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    const char c = quoted[at];
    if (c == '"' || c == '\n') return std::nullopt;
    if (c != '\\') {
      out.push_back(c);
      continue;
    }
    const std::size_t length = append_escape(out, quoted, at + 1);
    if (length == 0) return std::nullopt;
    at += length;
  }
  return out;
}

}  // namespace lastgood::sources::restic
