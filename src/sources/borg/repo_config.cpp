// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/repo_config.h"

#include <algorithm>

#include "base/letters.h"

namespace lastgood::sources::borg {

namespace {

using base::lower;

std::string_view trim(std::string_view text) {
  constexpr std::string_view k_blanks = " \t\r\n\f\v";
  const std::size_t from = text.find_first_not_of(k_blanks);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(k_blanks) - from + 1);
}

bool is_id(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

std::optional<RepoConfig> parse_repo_config(std::string_view text) {
  RepoConfig config;
  bool in_section = false;
  bool section_seen = false;
  std::string* value_of_line_before = nullptr;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view content = trim(line);
    if (content.empty() || content[0] == '#' || content[0] == ';') continue;
    if (line[0] == ' ' || line[0] == '\t') {
      if (value_of_line_before != nullptr) value_of_line_before->append(content);
      continue;
    }
    value_of_line_before = nullptr;
    if (content[0] == '[') {
      in_section = content == "[repository]";
      section_seen = section_seen || in_section;
      continue;
    }
    const std::size_t sign = content.find_first_of("=:");
    if (!in_section || sign == std::string_view::npos) continue;
    const std::string name = lower(trim(content.substr(0, sign)));
    std::string* const value = name == "version"       ? &config.version
                               : name == "id"          ? &config.id
                               : name == "key"         ? &config.key
                               : name == "append_only" ? &config.append_only
                                                       : nullptr;
    if (value != nullptr) *value = trim(content.substr(sign + 1));
    value_of_line_before = value;
  }
  if (!section_seen) return std::nullopt;
  config.id = lower(config.id);
  if (!is_id(config.id)) config.id.clear();
  return config;
}

}  // namespace lastgood::sources::borg
