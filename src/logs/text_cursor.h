// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// TextCursor: walks over a line from the left. Each `take_` moves on only where it succeeds. Parts are views into the
// line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lastgood::logs {

class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : rest_(text) {}

  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  [[nodiscard]] char next() const { return rest_.empty() ? '\0' : rest_.front(); }
  void skip(std::size_t count) { rest_.remove_prefix(count < rest_.size() ? count : rest_.size()); }
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
  }
  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  /// Digits: at least one, at most `digits_max` (18 at most); more digits than that are no number.
  std::optional<std::uint64_t> take_number(std::size_t digits_max);
  /// Up to `end`, which is taken, too.
  std::optional<std::string_view> take_until(std::string_view end);
  /// Up to the next blank or the end, which may be nothing.
  std::string_view take_word();

 private:
  std::string_view rest_;
};

/// The part behind `before` and in front of `behind` (empty: to the end); nothing when either is missing.
[[nodiscard]] std::optional<std::string_view> find_between(std::string_view text, std::string_view before,
                                                           std::string_view behind);
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// All of it must be digits.
[[nodiscard]] std::optional<std::uint64_t> parse_number(std::string_view text);
/// 0 for what is no port.
[[nodiscard]] std::uint16_t parse_port(std::string_view text);
/// ASCII letters alike.
[[nodiscard]] bool same_letters(std::string_view a, std::string_view b);

}  // namespace lastgood::logs
