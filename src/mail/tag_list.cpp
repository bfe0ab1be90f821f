// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/tag_list.h"

#include <algorithm>

#include "base/base64.h"
#include "base/checksum.h"
#include "mail/letters.h"

namespace lastgood::mail {

namespace {
constexpr std::size_t k_tags_max = 64;
constexpr std::size_t k_words_max = 1000;
}  // namespace

const std::string* TagList::find(std::string_view name) const {
  for (const auto& [key, value] : tags) {
    if (key == name) return &value;
  }
  return nullptr;
}

std::string TagList::value_or(std::string_view name, std::string_view fallback) const {
  const std::string* const value = find(name);
  return value != nullptr ? *value : std::string(fallback);
}

std::optional<TagList> parse_tag_list(std::string_view text) {
  TagList list;
  while (!trim(text).empty()) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view tag = trim(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
    const std::size_t equals = tag.find('=');
    if (equals == std::string_view::npos || list.tags.size() >= k_tags_max) return std::nullopt;
    const std::string_view name = trim(tag.substr(0, equals));
    const bool is_name = !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
      return is_letter(c) || is_digit(c) || c == '_';
    });
    if (!is_name || list.find(name) != nullptr) return std::nullopt;
    list.tags.emplace_back(std::string(name), std::string(trim(tag.substr(equals + 1))));
  }
  if (list.tags.empty()) return std::nullopt;
  return list;
}

std::string without_spaces(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (!is_space(c)) result += c;
  }
  return result;
}

std::optional<std::string> parse_folded_base64(std::string_view text) {
  std::string bare = without_spaces(text);
  // Some key records lack the padding.
  while (bare.size() % 4 != 0 && bare.size() % 4 != 1) bare += '=';
  return base::parse_base64(bare);
}

std::string decode_tag_text(std::string_view text) {
  const std::string bare = without_spaces(text);
  std::string decoded;
  for (std::size_t i = 0; i < bare.size(); ++i) {
    const auto byte =
        bare[i] == '=' && i + 2 < bare.size() ? base::parse_hex(std::string_view(bare).substr(i + 1, 2)) : std::nullopt;
    if (byte) i += 2;
    decoded += byte ? byte->front() : bare[i];
  }
  return decoded;
}

std::vector<std::string> split_colons(std::string_view text) {
  std::vector<std::string> words;
  const std::string bare = lower(without_spaces(text));
  std::size_t at = 0;
  while (at <= bare.size() && words.size() < k_words_max) {
    const std::size_t end = std::min(bare.find(':', at), bare.size());
    words.push_back(bare.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

}  // namespace lastgood::mail
