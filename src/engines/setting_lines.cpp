// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/setting_lines.h"

namespace lastgood::engines {

namespace {

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

/// Lower case, "-" as "_", without "loose_": how engines compare names.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) plain += c == '-' ? '_' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  constexpr std::string_view k_loose = "loose_";
  return plain.starts_with(k_loose) ? plain.substr(k_loose.size()) : plain;
}

/// "'a'' b' # why" is "a' b"; "a # why" is "a".
std::string plain_value(std::string_view text) {
  text = trimmed(text);
  const char quote = text.empty() ? '\0' : text.front();
  if (quote != '\'' && quote != '"') return std::string(trimmed(text.substr(0, text.find('#'))));
  std::string value;
  for (std::size_t at = 1; at < text.size(); ++at) {
    const bool is_escape = text[at] == '\\' && at + 1 < text.size();
    const bool is_doubled = text[at] == quote && at + 1 < text.size() && text[at + 1] == quote;
    if (text[at] == quote && !is_doubled) break;
    if (is_escape || is_doubled) ++at;
    value += text[at];
  }
  return value;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\f\v");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\f\v") - begin + 1);
}

std::optional<SettingLine> parse_setting_line(std::string_view line) {
  line = trimmed(line);
  std::size_t end = 0;
  while (end < line.size() && is_name_byte(line[end])) ++end;
  if (end == 0) return std::nullopt;
  std::string_view rest = trimmed(line.substr(end));
  if (rest.starts_with('=')) rest.remove_prefix(1);
  return SettingLine{.name = plain_name(line.substr(0, end)), .value = plain_value(rest)};
}

}  // namespace lastgood::engines
