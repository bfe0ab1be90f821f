// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/pdf/pdf_syntax.h"

#include <algorithm>

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr int k_depth_max = 256;  // nesting is counted, not recursed into
constexpr std::size_t k_digits_max = 19;

bool is_delimiter(std::uint8_t byte) {
  switch (byte) {
    case '(':
    case ')':
    case '<':
    case '>':
    case '[':
    case ']':
    case '{':
    case '}':
    case '/':
    case '%': return true;
    default: return false;
  }
}

std::size_t skip_word(ByteView bytes, std::size_t from) {
  while (from < bytes.size() && !is_pdf_space(bytes.u8(from)) && !is_delimiter(bytes.u8(from))) ++from;
  return from;
}

/// Behind the literal string whose "(" stands at `from`; parentheses pair, a backslash takes the next byte (7.3.4.2).
std::optional<std::size_t> skip_string(ByteView bytes, std::size_t from) {
  int depth = 0;
  for (std::size_t at = from; at < bytes.size(); ++at) {
    switch (bytes.u8(at)) {
      case '\\': ++at; break;
      case '(': ++depth; break;
      case ')':
        if (--depth == 0) return at + 1;
        break;
      default: break;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> skip_hex_string(ByteView bytes, std::size_t from) {
  for (std::size_t at = from + 1; at < bytes.size(); ++at) {
    const std::uint8_t byte = bytes.u8(at);
    if (byte == '>') return at + 1;
    const bool digit = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
    if (!digit && !is_pdf_space(byte)) return std::nullopt;
  }
  return std::nullopt;
}

enum class TokenKind : std::uint8_t { open, close, name, other };

struct Token {
  TokenKind kind = TokenKind::other;
  std::size_t from = 0;
  std::size_t to = 0;
};

/// The next token; brackets of dictionaries and arrays are tokens of their own.
std::optional<Token> next_token(ByteView bytes, std::size_t from) {
  const std::size_t at = skip_pdf_space(bytes, from);
  if (at >= bytes.size()) return std::nullopt;
  const std::uint8_t byte = bytes.u8(at);
  std::optional<std::size_t> to;
  switch (byte) {
    case '<':
      if (bytes.u8(at + 1) == '<') return Token{.kind = TokenKind::open, .from = at, .to = at + 2};
      to = skip_hex_string(bytes, at);
      break;
    case '>':
      if (bytes.u8(at + 1) != '>') return std::nullopt;
      return Token{.kind = TokenKind::close, .from = at, .to = at + 2};
    case '[': return Token{.kind = TokenKind::open, .from = at, .to = at + 1};
    case ']': return Token{.kind = TokenKind::close, .from = at, .to = at + 1};
    case '(': to = skip_string(bytes, at); break;
    case '/': return Token{.kind = TokenKind::name, .from = at, .to = skip_word(bytes, at + 1)};
    case ')':
    case '{':
    case '}': return std::nullopt;
    default: to = skip_word(bytes, at); break;
  }
  if (!to) return std::nullopt;
  return Token{.kind = TokenKind::other, .from = at, .to = *to};
}

}  // namespace

bool is_pdf_space(std::uint8_t byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t' || byte == '\f' || byte == 0;
}

std::size_t skip_pdf_space(ByteView bytes, std::size_t from) {
  while (from < bytes.size()) {
    const std::uint8_t byte = bytes.u8(from);
    if (byte == '%') {
      while (from < bytes.size() && bytes.u8(from) != '\n' && bytes.u8(from) != '\r') ++from;
    } else if (is_pdf_space(byte)) {
      ++from;
    } else {
      break;
    }
  }
  return from;
}

std::optional<PdfNumber> parse_pdf_number(ByteView bytes, std::size_t from) {
  PdfNumber number{.to = from};
  while (number.to < bytes.size() && number.to - from < k_digits_max) {
    const std::uint8_t byte = bytes.u8(number.to);
    if (byte < '0' || byte > '9') break;
    number.value = number.value * 10 + (byte - std::uint64_t{'0'});
    ++number.to;
  }
  if (number.to == from) return std::nullopt;
  return number;
}

std::optional<PdfObjectHead> parse_pdf_object_head(ByteView bytes, std::size_t from) {
  std::size_t at = from;
  while (at < bytes.size() && is_pdf_space(bytes.u8(at))) ++at;
  const auto number = parse_pdf_number(bytes, at);
  if (!number || !is_pdf_space(bytes.u8(number->to))) return std::nullopt;
  const auto generation = parse_pdf_number(bytes, skip_pdf_space(bytes, number->to));
  if (!generation) return std::nullopt;
  const std::size_t word = skip_pdf_space(bytes, generation->to);
  if (!bytes.matches(word, "obj")) return std::nullopt;
  return PdfObjectHead{
      .number = number->value, .generation = generation->value, .body_from = skip_pdf_space(bytes, word + 3)};
}

std::optional<std::size_t> find_pdf_value_end(ByteView bytes, std::size_t from) {
  int depth = 0;
  std::size_t at = from;
  while (true) {
    const std::optional<Token> token = next_token(bytes, at);
    if (!token) return std::nullopt;
    at = token->to;
    if (token->kind == TokenKind::open && ++depth > k_depth_max) return std::nullopt;
    if (token->kind == TokenKind::close && --depth < 0) return std::nullopt;
    if (depth == 0) return at;
  }
}

ByteView PdfDictionary::find(std::string_view name) const {
  if (!bytes_.matches(0, "<<")) return {};
  std::size_t at = 2;
  int depth = 1;
  bool expects_key = true;
  while (depth > 0) {
    const std::optional<Token> token = next_token(bytes_, at);
    if (!token) return {};
    at = token->to;
    if (token->kind == TokenKind::close) {
      --depth;
      if (depth == 1) expects_key = true;
      continue;
    }
    if (token->kind == TokenKind::open) {
      if (++depth > k_depth_max) return {};
      continue;
    }
    if (depth != 1) continue;
    if (!expects_key) {
      expects_key = true;  // the value; what a reference still has to it is no name
    } else if (token->kind == TokenKind::name) {
      if (bytes_.part(token->from, token->to - token->from).text() == name) {
        return bytes_.part(skip_pdf_space(bytes_, token->to));
      }
      expects_key = false;
    }
  }
  return {};
}

std::optional<std::uint64_t> PdfDictionary::number(std::string_view name) const {
  const ByteView value = find(name);
  const auto number = parse_pdf_number(value, 0);
  if (!number) return std::nullopt;
  const auto generation = parse_pdf_number(value, skip_pdf_space(value, number->to));
  if (generation && value.u8(skip_pdf_space(value, generation->to)) == 'R') return std::nullopt;
  return number->value;
}

bool PdfDictionary::first_name_is(std::string_view name, std::string_view value) const {
  const ByteView found = find(name);
  std::size_t at = 0;
  if (found.u8(0) == '[') at = skip_pdf_space(found, 1);
  return found.matches(at, value) && skip_word(found, at + 1) == at + value.size();
}

}  // namespace lastgood::formats
