// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "logs/text_cursor.h"

#include <algorithm>

namespace lastgood::logs {

std::optional<std::uint64_t> TextCursor::take_number(std::size_t digits_max) {
  std::uint64_t value = 0;
  std::size_t count = 0;
  while (count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9') {
    if (count == digits_max) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(rest_[count] - '0');
    ++count;
  }
  if (count == 0) return std::nullopt;
  rest_.remove_prefix(count);
  return value;
}

std::optional<std::string_view> TextCursor::take_until(std::string_view end) {
  const std::size_t at = rest_.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view part = rest_.substr(0, at);
  rest_.remove_prefix(at + end.size());
  return part;
}

std::string_view TextCursor::take_word() {
  const std::size_t end = std::min(rest_.find_first_of(" \t"), rest_.size());
  const std::string_view word = rest_.substr(0, end);
  rest_.remove_prefix(end);
  return word;
}

std::optional<std::string_view> find_between(std::string_view text, std::string_view before, std::string_view behind) {
  const std::size_t from = text.find(before);
  if (from == std::string_view::npos) return std::nullopt;
  const std::string_view part = text.substr(from + before.size());
  if (behind.empty()) return part;
  const std::size_t to = part.find(behind);
  if (to == std::string_view::npos) return std::nullopt;
  return part.substr(0, to);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  TextCursor cursor(text);
  const auto number = cursor.take_number(18);
  return cursor.at_end() ? number : std::nullopt;
}

std::uint16_t parse_port(std::string_view text) {
  const auto number = parse_number(text);
  return number && *number <= 65535 ? static_cast<std::uint16_t>(*number) : std::uint16_t{0};
}

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace lastgood::logs
