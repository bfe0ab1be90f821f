// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/time_option.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/letters.h"
#include "base/rfc3339.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_day_letters = 10;     // "2022-11-22"
constexpr std::size_t k_minute_letters = 16;  // "2022-11-22T03:00"
constexpr std::size_t k_second_letters = 19;

bool has_clock(std::string_view text) {
  return text.size() >= k_minute_letters && base::is_digit(text[k_day_letters + 1]) && text[k_day_letters + 3] == ':';
}

/// As RFC 3339 has it, from what people write and what this program prints: "2022-11-22 03:00:00 +05:30".
std::string in_full(std::string text, std::string_view zone) {
  if (text.size() == k_day_letters) text += "T00:00:00";
  if (!has_clock(text)) return text;
  if (text[k_day_letters] == ' ') text[k_day_letters] = 'T';
  if (text.size() == k_minute_letters || text[k_minute_letters] != ':') text.insert(k_minute_letters, ":00");
  std::size_t at = k_second_letters;
  if (at < text.size() && text[at] == '.') at = std::min(text.size(), text.find_first_not_of("0123456789", at + 1));
  if (at == text.size()) return text + (zone.empty() ? "Z" : std::string(zone));
  if (text[at] == ' ') text.erase(at, 1);
  if (std::string_view(text).substr(at) == "UTC") text.replace(at, 3, "Z");
  constexpr std::size_t k_bare_offset_letters = 5;  // "+0530"
  if ((text[at] == '+' || text[at] == '-') && text.size() == at + k_bare_offset_letters) text.insert(at + 3, ":");
  return text;
}

}  // namespace

base::Result<std::int64_t> parse_time_option(const std::string& option, const std::string& text,
                                             std::string_view zone) {
  if (text.empty()) return std::int64_t{0};
  const auto time_ns = base::parse_rfc3339(in_full(text, zone));
  if (time_ns) return *time_ns;
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = fmt::format("{} '{}' is no time", option, base::printable(text)),
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "write '2022-11-22 08:30', 2022-11-22T03:00:00Z, 2022-11-22T08:30:00+05:30 or 2022-11-22"};
}

}  // namespace lastgood::cli
