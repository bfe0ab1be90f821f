// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/own_words.h"

#include <algorithm>
#include <array>

namespace lastgood::indicators {

namespace {

/// Commas without a blank behind them: a table.
bool is_table_row(std::string_view line) {
  std::size_t commas = 0;
  for (std::size_t at = line.find(','); at != std::string_view::npos && at + 1 < line.size();
       at = line.find(',', at + 1))
    commas += line[at + 1] != ' ' ? 1U : 0U;
  return commas >= 2;
}

/// "91B09485B9301061", "XY7F0STTQ4": hex digits, or capitals and digits in turn.
bool is_number_of_victim(std::string_view word) {
  constexpr std::size_t k_number_bytes_min = 8;
  constexpr std::size_t k_number_bytes_max = 64;
  constexpr std::size_t k_turns_min = 3;
  if (word.size() < k_number_bytes_min || word.size() > k_number_bytes_max) return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_hex = [](char c) { return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  const auto digits = static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is_digit));
  if (digits == 0 || digits == word.size()) return false;
  const auto all = [&](auto is_letter) {
    return std::all_of(word.begin(), word.end(), [&](char c) { return is_digit(c) || is_letter(c); });
  };
  if (all(is_hex)) return true;
  std::size_t turns = 0;
  for (std::size_t at = 1; at < word.size(); ++at) turns += is_digit(word[at]) != is_digit(word[at - 1]) ? 1U : 0U;
  return turns >= k_turns_min && all(is_capital);
}

}  // namespace

std::string without_quoted_lines(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const bool quoted = line.starts_with('>') || line.starts_with(" >");
    if (!quoted || line.starts_with(">>>")) out.append(line) += '\n';
    at = end + 1;
  }
  return out;
}

std::string without_quotations(std::string_view text) {
  constexpr std::size_t k_quotation_bytes_min = 20;
  constexpr std::size_t k_quotation_bytes_max = 400;
  constexpr std::ptrdiff_t k_blanks_min = 3;
  struct Marks {
    std::string_view open;
    std::string_view close;
  };
  constexpr auto k_marks = std::to_array<Marks>(
      {{"\"", "\""}, {"\u201E", "\u201C"}, {"\u201C", "\u201D"}, {"\u00AB", "\u00BB"}, {"\u300C", "\u300D"}});
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const auto* marks =
        std::find_if(k_marks.begin(), k_marks.end(), [&](const Marks& pair) { return rest.starts_with(pair.open); });
    if (marks != k_marks.end()) {
      const std::string_view inside = rest.substr(marks->open.size(), k_quotation_bytes_max);
      const std::size_t end = inside.substr(0, inside.find('\n')).find(marks->close);
      const bool sentence =
          end != std::string_view::npos && end >= k_quotation_bytes_min &&
          std::count(inside.begin(), inside.begin() + static_cast<std::ptrdiff_t>(end), ' ') >= k_blanks_min;
      if (sentence) {
        at += marks->open.size() + end + marks->close.size();
        continue;
      }
    }
    out += text[at++];
  }
  return out;
}

bool is_source_code(std::string_view text) {
  std::size_t marks = 0;
  std::size_t lines = 0;
  std::size_t coded_lines = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    at = end + 1;
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    ++lines;
    marks += static_cast<std::size_t>(
        std::count_if(line.begin(), line.end(), [](char c) { return c == '{' || c == '}' || c == ';'; }));
    coded_lines +=
        std::string_view(",{(;\"").find(line.back()) != std::string_view::npos || is_table_row(line) ? 1U : 0U;
  }
  return (marks >= 8 && marks * 100 > text.size()) || (coded_lines >= 2 && coded_lines * 2 > lines) ||
         (coded_lines >= 5 && coded_lines * 3 > lines);
}

/// English has these in every letter.
bool is_english(std::string_view text) {
  constexpr auto k_words = std::to_array<std::string_view>({" the ", " you", " your", " and ", " is ", " are "});
  const auto count = std::count_if(k_words.begin(), k_words.end(),
                                   [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
  return count >= 2;
}

bool has_number_of_victim(std::string_view text) {
  const auto in_word = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '@';
  };
  std::size_t at = 0;
  while (at < text.size()) {
    while (at < text.size() && !in_word(text[at])) ++at;
    const std::size_t from = at;
    while (at < text.size() && in_word(text[at])) ++at;
    std::string_view word = text.substr(from, at - from);
    while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.remove_suffix(1);
    if (is_number_of_victim(word)) return true;
  }
  return false;
}

}  // namespace lastgood::indicators
