// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/go_text.h"

#include <array>
#include <limits>

#include "base/utf8.h"

namespace lastgood::sources::restic {

namespace {

/// `count` digits of `radix` at `at`; nothing when there are fewer.
std::optional<std::uint32_t> digits_at(std::string_view text, std::size_t at, std::size_t count, std::uint32_t radix) {
  if (at > text.size() || text.size() - at < count) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    const char c = text[i];
    std::uint32_t digit = 99;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A') + 10;
    if (digit >= radix) return std::nullopt;
    value = value * radix + digit;
  }
  return value;
}

char simple_escape(char c) {
  switch (c) {
    case 'a': return '\a';
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case '\\': return '\\';
    case '"': return '"';
    default: return '\0';
  }
}

bool append_code(std::string& out, std::optional<std::uint32_t> code) {
  if (!code || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF)) return false;
  base::append_utf8(out, *code);
  return true;
}

bool append_byte(std::string& out, std::optional<std::uint32_t> byte) {
  if (!byte || *byte > 0xFF) return false;
  out.push_back(static_cast<char>(*byte));
  return true;
}

/// The escape whose letter stands at `at`: appends what it means and gives its length without the backslash; 0: none.
std::size_t append_escape(std::string& out, std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const char c = text[at];
  if (c == 'x') return append_byte(out, digits_at(text, at + 1, 2, 16)) ? 3 : 0;
  if (c == 'u') return append_code(out, digits_at(text, at + 1, 4, 16)) ? 5 : 0;
  if (c == 'U') return append_code(out, digits_at(text, at + 1, 8, 16)) ? 9 : 0;
  if (c >= '0' && c <= '7') return append_byte(out, digits_at(text, at, 3, 8)) ? 3 : 0;
  const char meant = simple_escape(c);
  if (meant == '\0') return 0;
  out.push_back(meant);
  return 1;
}

/// Days since 1970-01-01 in the Gregorian calendar (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
std::int64_t days_from_civil(std::int64_t year, std::uint32_t month, std::uint32_t day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t shifted = month > 2 ? month - 3 : month + 9;
  const std::int64_t day_of_year = (153 * shifted + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

std::uint32_t days_in_month(std::uint32_t year, std::uint32_t month) {
  constexpr std::array<std::uint32_t, 12> k_days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return k_days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// Seconds of "2006-01-02T15:04:05", the first 19 bytes.
std::optional<std::int64_t> parse_seconds(std::string_view text) {
  if (text.size() < 20 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto year = digits_at(text, 0, 4, 10);
  const auto month = digits_at(text, 5, 2, 10);
  const auto day = digits_at(text, 8, 2, 10);
  const auto hour = digits_at(text, 11, 2, 10);
  const auto minute = digits_at(text, 14, 2, 10);
  const auto second = digits_at(text, 17, 2, 10);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  if (*month < 1 || *month > 12 || *day < 1 || *day > days_in_month(*year, *month)) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return days_from_civil(*year, *month, *day) * 86400 + std::int64_t{*hour} * 3600 + std::int64_t{*minute} * 60 +
         *second;
}

/// Seconds east of UTC of "Z" or "+05:30".
std::optional<std::int64_t> parse_zone(std::string_view zone) {
  if (zone == "Z") return 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const auto hours = digits_at(zone, 1, 2, 10);
  const auto minutes = digits_at(zone, 4, 2, 10);
  if (!hours || !minutes || *hours > 24 || *minutes > 59) return std::nullopt;
  const std::int64_t east = std::int64_t{*hours} * 3600 + std::int64_t{*minutes} * 60;
  return zone[0] == '-' ? -east : east;
}

constexpr std::uint8_t k_no_sextet = 0xFF;

constexpr std::array<std::uint8_t, 256> make_sextets() {
  std::array<std::uint8_t, 256> sextets{};
  sextets.fill(k_no_sextet);
  constexpr std::string_view k_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < k_alphabet.size(); ++i) {
    sextets[static_cast<std::uint8_t>(k_alphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return sextets;
}
constexpr auto k_sextets = make_sextets();

}  // namespace

std::optional<std::string> unquote_go(std::string_view quoted) {
  if (quoted.find_first_of("\\\"\n") == std::string_view::npos) return std::string(quoted);
  std::string out;
  out.reserve(quoted.size());
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    const char c = quoted[at];
    if (c == '"' || c == '\n') return std::nullopt;
    if (c != '\\') {
      out.push_back(c);
      continue;
    }
    const std::size_t length = append_escape(out, quoted, at + 1);
    if (length == 0) return std::nullopt;
    at += length;
  }
  return out;
}

std::optional<std::int64_t> parse_go_time(std::string_view text) {
  const auto local = parse_seconds(text);
  if (!local) return std::nullopt;
  std::size_t at = 19;
  std::int64_t nanoseconds = 0;
  if (text[at] == '.') {
    std::int64_t unit = 100'000'000;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, unit /= 10) {
      nanoseconds += (text[at] - '0') * unit;
    }
    if (at == first) return std::nullopt;
  }
  const auto east = parse_zone(text.substr(at));
  if (!east) return std::nullopt;
  const std::int64_t seconds = *local - *east;
  constexpr std::int64_t k_second = 1'000'000'000;
  constexpr std::int64_t k_seconds_max = std::numeric_limits<std::int64_t>::max() / k_second;
  if (seconds >= k_seconds_max) return std::numeric_limits<std::int64_t>::max();
  if (seconds <= -k_seconds_max) return std::numeric_limits<std::int64_t>::min();
  return seconds * k_second + nanoseconds;
}

std::optional<std::string> parse_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  std::uint32_t bit_count = 0;
  for (const char c : text.substr(0, text.size() - padding)) {
    const std::uint8_t sextet = k_sextets[static_cast<std::uint8_t>(c)];
    if (sextet == k_no_sextet) return std::nullopt;
    bits = (bits << 6U | sextet) & 0xFFFFFF;
    bit_count += 6;
    if (bit_count < 8) continue;
    bit_count -= 8;
    out.push_back(static_cast<char>(bits >> bit_count & 0xFFU));
  }
  return out;
}

}  // namespace lastgood::sources::restic
