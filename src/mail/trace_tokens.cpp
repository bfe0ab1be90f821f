// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/trace_tokens.h"

#include <array>
#include <cstdint>

#include "mail/letters.h"

namespace lastgood::mail {

namespace {

/// Offset behind the parenthesis that closes the one at `open`; `open` itself when none does.
std::size_t behind_comment(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '(') {
      ++depth;
    } else if (text[i] == ')' && --depth == 0) {
      return i + 1;
    }
  }
  return open;
}

/// Offset behind the quoted string or bracket that begins at `open`; `open` when it does not end.
std::size_t behind_pair(std::string_view text, std::size_t open) {
  const char close = text[open] == '"' ? '"' : text[open] == '[' ? ']' : '>';
  // The longest address has 320 bytes; a bracket or quote longer than this is none.
  constexpr std::size_t k_length_max = 330;
  for (std::size_t i = open + 1; i < text.size() && i - open < k_length_max; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == close) {
      return i + 1;
    } else if (text[i] == '(' && close == '>') {
      return open;
    }
  }
  return open;
}

bool opens_pair(char c) { return c == '"' || c == '[' || c == '<'; }

/// True where a clause goes on behind a ';': some web mailers put one into the middle.
bool begins_clause(std::string_view text) {
  constexpr std::array<std::string_view, 4> k_words = {"by ", "with ", "for ", "via "};
  text = trim(text);
  for (const auto word : k_words) {
    if (begins_with_word(text, word)) return true;
  }
  return false;
}

}  // namespace

TraceParts split_date(std::string_view line) {
  // Unclosed parentheses would make each search run to the end; one such search is enough to know.
  bool comments_close = true;
  std::size_t last = std::string_view::npos;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t next = i + 1;
    if (line[i] == '(' && comments_close) {
      const std::size_t behind = behind_comment(line, i);
      comments_close = behind != i;
      next = comments_close ? behind : i + 1;
    } else if (opens_pair(line[i])) {
      const std::size_t behind = behind_pair(line, i);
      next = behind == i ? i + 1 : behind;
    } else if (line[i] == ';' && !begins_clause(line.substr(i + 1))) {
      last = i;
    }
    i = next;
  }
  if (last == std::string_view::npos) return {line, {}};
  return {line.substr(0, last), trim(line.substr(last + 1))};
}

std::vector<Token> split_tokens(std::string_view text) {
  std::vector<Token> tokens;
  bool comments_close = true;
  std::size_t at = 0;
  bool glued = false;
  while (at < text.size() && tokens.size() < k_tokens_max) {
    if (is_space(text[at]) || text[at] == ',' || text[at] == ';' || text[at] == ')') {
      glued = false;
      ++at;
      continue;
    }
    if (text[at] == '(') {
      const std::size_t behind = comments_close ? behind_comment(text, at) : at;
      if (behind == at) {
        comments_close = false;
        glued = false;
        ++at;
        continue;
      }
      tokens.push_back({TokenKind::comment, trim(text.substr(at + 1, behind - at - 2)), glued});
      at = behind;
      glued = true;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && !is_space(text[at]) && text[at] != '(' && text[at] != ';') {
      const std::size_t behind = opens_pair(text[at]) ? behind_pair(text, at) : at;
      at = behind == at ? at + 1 : behind;
    }
    std::string_view word = text.substr(begin, at - begin);
    while (!word.empty() && word.back() == ',') word.remove_suffix(1);
    if (!word.empty()) tokens.push_back({TokenKind::word, word, glued});
    glued = true;
  }
  return tokens;
}

}  // namespace lastgood::mail
