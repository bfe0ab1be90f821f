// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/statement_words.h"

#include <algorithm>

namespace lastgood::engines::mariadb {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Letters of what begins or ends a comment that MariaDB executes, "/*!100000", "/*M!" or "*/"; 0: it is none.
std::size_t executed_mark(std::string_view text) {
  if (text.starts_with("*/")) return 2;
  const std::size_t begin = text.starts_with("/*!") ? 3 : text.starts_with("/*M!") ? 4 : 0;
  return begin == 0 ? 0 : std::min(text.find_first_not_of("0123456789", begin), text.size());
}

/// Behind blanks and comments; what MariaDB executes of a comment is none.
std::string_view without_comments(std::string_view text) {
  while (!text.empty()) {
    if (is_blank(text.front())) {
      text.remove_prefix(1);
    } else if (const std::size_t mark = executed_mark(text); mark != 0) {
      text.remove_prefix(mark);
    } else if (text.starts_with("/*")) {
      const std::size_t end = text.find("*/");
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 2);
    } else if (text.front() == '#' || text.starts_with("-- ")) {
      const std::size_t end = text.find('\n');
      text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    } else {
      return text;
    }
  }
  return text;
}

/// The next word in capitals, which is taken from `text`; empty: there is none.
std::string take_word(std::string_view& text) {
  text = without_comments(text);
  std::string word;
  while (!text.empty() && !is_blank(text.front()) && !text.starts_with("/*") && !text.starts_with("*/")) {
    const char c = text.front();
    word += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    text.remove_prefix(1);
  }
  return word;
}

}  // namespace

std::vector<std::string> first_words(std::string_view statement) {
  std::vector<std::string> words;
  for (std::string word = take_word(statement); !word.empty() && words.size() < k_first_words_max;
       word = take_word(statement)) {
    words.push_back(word);
    if (words.size() != 2 || words[0] != "SET" || words[1] != "STATEMENT") continue;
    while (!word.empty() && word != "FOR") word = take_word(statement);
    words.clear();
  }
  return words;
}

}  // namespace lastgood::engines::mariadb
