// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Words and comments of a trace field on one line (RFC 5322 section 3.2, read tolerantly). Used by received.cpp only.
#pragma once

#include <string_view>
#include <vector>

namespace lastgood::mail {

/// Fields with more than this are read as far as this.
inline constexpr std::size_t k_tokens_max = 400;

enum class TokenKind : std::uint8_t { word, comment };

/// A view into the line. A comment is what stands between its parentheses, comments inside it included.
struct Token {
  TokenKind kind = TokenKind::word;
  std::string_view text;
  bool glued = false;  // no blank before it
};

/// `line` cut at its last ';' outside comments and quotes that no clause follows.
struct TraceParts {
  std::string_view clauses;
  std::string_view date;  // empty: no ';'
};

TraceParts split_date(std::string_view line);

/// Quoted strings, "[...]" and "<...>" are parts of words; blanks inside them do not end the word. An opening
/// parenthesis that nothing closes is a blank. Commas behind words are dropped.
std::vector<Token> split_tokens(std::string_view text);

}  // namespace lastgood::mail
