// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Patterns of STIX 2.1 section 9, as far as exports write and check them.
#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "exports/observable.h"

namespace lastgood::exports {

namespace {

constexpr std::array<std::string_view, 7> k_operators = {"=", "!=", "LIKE", "MATCHES", "IN", ">", "<"};

/// Reads a pattern from the left; each take_ moves on only when it succeeds.
class PatternScanner {
 public:
  explicit PatternScanner(std::string_view text) : rest_(text) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  void skip_blanks() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  bool take(std::string_view word) {
    skip_blanks();
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }
  /// A constant: 'text' with \' and \\ as its only escapes.
  bool take_text() {
    skip_blanks();
    if (rest_.empty() || rest_.front() != '\'') return false;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
      if (rest_[at] == '\\') {
        if (at + 1 >= rest_.size() || (rest_[at + 1] != '\'' && rest_[at + 1] != '\\')) return false;
        ++at;
      } else if (rest_[at] == '\'') {
        rest_.remove_prefix(at + 1);
        return true;
      }
    }
    return false;
  }
  /// type:property, property.property, property.'quoted'
  bool take_path() {
    skip_blanks();
    const std::size_t type = take_name();
    if (type == 0 || rest_.size() <= type || rest_[type] != ':') return false;
    rest_.remove_prefix(type + 1);
    for (;;) {
      if (!rest_.empty() && rest_.front() == '\'') {
        if (!take_text()) return false;
      } else {
        const std::size_t name = take_name();
        if (name == 0) return false;
        rest_.remove_prefix(name);
      }
      if (rest_.empty() || rest_.front() != '.') return true;
      rest_.remove_prefix(1);
    }
  }

 private:
  [[nodiscard]] std::size_t take_name() const {
    const auto is_name = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    };
    return static_cast<std::size_t>(std::find_if_not(rest_.begin(), rest_.end(), is_name) - rest_.begin());
  }
  std::string_view rest_;
};

bool take_comparison(PatternScanner& scanner) {
  if (!scanner.take_path()) return false;
  const bool has_operator =
      std::any_of(k_operators.begin(), k_operators.end(), [&](std::string_view name) { return scanner.take(name); });
  return has_operator && scanner.take_text();
}

}  // namespace

std::string pattern_text(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string name_ends_with(std::string_view ending) {
  std::string expression;
  for (const char c : ending) {
    if (std::string_view("\\^$.|?*+()[]{}-").find(c) != std::string_view::npos) expression += '\\';
    expression += c;
  }
  return fmt::format("[file:name MATCHES {}]", pattern_text(expression + "$"));
}

bool is_pattern(std::string_view pattern) {
  PatternScanner scanner(pattern);
  do {
    if (!scanner.take("[")) return false;
    do {
      if (!take_comparison(scanner)) return false;
    } while (scanner.take("AND ") || scanner.take("OR "));
    if (!scanner.take("]")) return false;
  } while (scanner.take("AND ") || scanner.take("OR ") || scanner.take("FOLLOWEDBY "));
  scanner.skip_blanks();
  return scanner.at_end();
}

}  // namespace lastgood::exports
