// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/encoded_words.h"

#include <algorithm>
#include <optional>

#include "base/utf8.h"
#include "mail/charset_tables.h"
#include "mail/letters.h"
#include "mail/tag_list.h"

namespace lastgood::mail {

namespace {

constexpr std::size_t k_word_bytes_max = 1024;           // RFC 2047 allows 75; some programs write a whole subject
constexpr std::size_t k_decoded_bytes_max = 16U << 10U;  // nobody is shown more

struct Word {
  std::string charset;
  std::string bytes;
  std::size_t length = 0;  // as written
};

std::optional<unsigned> hex_value(char c) {
  const char small = lower(c);
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (small >= 'a' && small <= 'f') return static_cast<unsigned>(small - 'a' + 10);
  return std::nullopt;
}

std::string decode_q(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '=' && i + 2 < text.size() ? hex_value(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_value(text[i + 2]) : std::nullopt;
    if (low) i += 2;
    bytes += low ? static_cast<char>(*high * 16 + *low) : text[i] == '_' ? ' ' : text[i];
  }
  return bytes;
}

/// The word that `text` begins with: "=?charset*language?B?text?=".
std::optional<Word> parse_word(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  text = text.substr(0, k_word_bytes_max);
  const std::size_t kind = text.find('?', 2);
  if (kind == std::string_view::npos || kind + 2 >= text.size() || text[kind + 2] != '?') return std::nullopt;
  const std::size_t end = text.find("?=", kind + 3);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view charset = text.substr(2, kind - 2);
  const std::string_view body = text.substr(kind + 3, end - kind - 3);
  Word word{lower(charset.substr(0, charset.find('*'))), {}, end + 2};
  const char form = lower(text[kind + 1]);
  if (form == 'q') {
    word.bytes = decode_q(body);
  } else if (form == 'b') {
    auto bytes = parse_folded_base64(body);
    if (!bytes) return std::nullopt;
    word.bytes = std::move(*bytes);
  } else {
    return std::nullopt;
  }
  return word;
}

std::optional<std::string> as_utf8(std::string_view charset, std::string bytes) {
  for (char& c : bytes) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  if (charset == "utf-8" || charset == "utf8") return base::is_utf8(bytes) ? std::optional(bytes) : std::nullopt;
  const auto known = std::find_if(k_charsets.begin(), k_charsets.end(),
                                  [charset](const Charset& each) { return each.name == charset; });
  if (known == k_charsets.end()) return std::nullopt;
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    base::append_utf8(text, byte < 0x80 ? byte : known->upper[byte - 0x80U]);
  }
  return text;
}

}  // namespace

std::string decode_words(std::string_view text) {
  std::string shown;
  std::size_t at = 0;
  while (at < text.size()) {
    if (at >= k_decoded_bytes_max) return shown.append(text.substr(at));
    auto word = parse_word(text.substr(at));
    if (!word) {
      shown += text[at++];
      continue;
    }
    // A letter of several bytes may be cut between words, and blanks between words are no part of the text.
    std::size_t end = at + word->length;
    for (std::size_t next = text.find_first_not_of(" \t", end); next != std::string_view::npos;) {
      const auto more = parse_word(text.substr(next));
      if (!more || more->charset != word->charset) break;
      word->bytes += more->bytes;
      end = next + more->length;
      next = text.find_first_not_of(" \t", end);
    }
    const auto decoded = as_utf8(word->charset, std::move(word->bytes));
    shown += decoded ? *decoded : std::string(text.substr(at, end - at));
    at = end;
    const std::size_t next = text.find_first_not_of(" \t", at);
    if (decoded && next != std::string_view::npos && next > at && parse_word(text.substr(next))) at = next;
  }
  return shown;
}

}  // namespace lastgood::mail
