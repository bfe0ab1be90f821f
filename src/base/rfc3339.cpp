// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/rfc3339.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <limits>

namespace lastgood::base {

namespace {

constexpr std::uint32_t k_no_number = UINT32_MAX;

/// `k_count` decimal digits from `at` on; k_no_number where there is another character. REQUIRES: they are in `text`.
template <std::size_t k_count>
std::uint32_t digits_at(std::string_view text, std::size_t at) {
  std::uint32_t value = 0;
  bool all_digits = true;
  for (std::size_t i = at; i < at + k_count; ++i) {
    const auto digit = static_cast<std::uint32_t>(static_cast<std::uint8_t>(text[i])) - '0';
    all_digits = all_digits && digit <= 9;
    value = value * 10 + digit;
  }
  return all_digits ? value : k_no_number;
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
  const std::uint32_t year = digits_at<4>(text, 0);
  const std::uint32_t month = digits_at<2>(text, 5);
  const std::uint32_t day = digits_at<2>(text, 8);
  const std::uint32_t hour = digits_at<2>(text, 11);
  const std::uint32_t minute = digits_at<2>(text, 14);
  const std::uint32_t second = digits_at<2>(text, 17);
  if (year == k_no_number || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
    return std::nullopt;
  }
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return days_from_civil(year, month, day) * 86400 + std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second;
}

/// Seconds east of UTC of "Z" or "+05:30".
std::optional<std::int64_t> parse_zone(std::string_view zone) {
  if (zone == "Z") return 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const std::uint32_t hours = digits_at<2>(zone, 1);
  const std::uint32_t minutes = digits_at<2>(zone, 4);
  if (hours > 24 || minutes > 59) return std::nullopt;
  const std::int64_t east = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
  return zone[0] == '-' ? -east : east;
}

}  // namespace

std::string format_rfc3339(std::int64_t time_ns) {
  using namespace std::chrono;
  const sys_time<nanoseconds> time{nanoseconds(time_ns)};
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

bool is_rfc3339(std::string_view text) {
  constexpr std::string_view shape = "dddd-dd-ddTdd:dd:dd.dddddddddZ";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (shape[i] == 'd' ? !digit : text[i] != shape[i]) return false;
  }
  const auto number = [text](std::size_t at, std::size_t count) {
    unsigned value = 0;
    for (std::size_t i = at; i < at + count; ++i) value = value * 10 + static_cast<unsigned>(text[i] - '0');
    return value;
  };
  const unsigned year = number(0, 4);
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(number(5, 2)),
                                         std::chrono::day(number(8, 2))};
  return year >= 1 && date.ok() && number(11, 2) < 24 && number(14, 2) < 60 && number(17, 2) < 60;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
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

}  // namespace lastgood::base
