// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Lines of PostgreSQL's configuration and of MariaDB's option files, read as text. Pure. Private to engines/.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::engines {

/// Without blanks at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

struct SettingLine {
  std::string name;   // lower case, "-" as "_", without "loose_": how engines compare names
  std::string value;  // without quotes and remarks
};

/// "name = value", "name value" or "name"; nothing for comments, sections and what is none of these.
[[nodiscard]] std::optional<SettingLine> parse_setting_line(std::string_view line);

/// Calls `visitor` with the number of each line, from 1, and the line without its end.
template <typename Visitor>
void visit_lines(std::string_view text, const Visitor& visitor) {
  std::size_t number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t stop = std::min(text.find('\n', at), text.size());
    visitor(++number, text.substr(at, stop - at));
    at = stop + 1;
  }
}

}  // namespace lastgood::engines
