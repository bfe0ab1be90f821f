// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "logs/log_time.h"

#include <array>
#include <chrono>

namespace lastgood::logs {

namespace {

constexpr std::int64_t k_second_ns = 1'000'000'000;
constexpr std::int64_t k_first_year = 1970;
constexpr std::int64_t k_last_year = 2261;  // 2262 ends in April for 64 bits of nanoseconds

/// Everything before 2262.
constexpr std::int64_t k_seconds_max = 9'214'646'400;

std::uint32_t to_u32(std::optional<std::uint64_t> number) { return static_cast<std::uint32_t>(number.value_or(0)); }

std::optional<std::uint32_t> take_month(TextCursor& cursor) {
  constexpr std::array<std::string_view, 12> k_months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (std::uint32_t i = 0; i < k_months.size(); ++i) {
    if (cursor.take(k_months.at(i))) return i + 1;
  }
  return std::nullopt;
}

void take_fraction(TextCursor& cursor, CivilTime& into) {
  if (cursor.next() != '.' && cursor.next() != ',') return;
  const std::string_view rest = cursor.rest();
  std::uint32_t unit = 100'000'000;
  std::size_t at = 1;
  std::uint32_t nanoseconds = 0;
  for (; at < rest.size() && rest[at] >= '0' && rest[at] <= '9'; ++at, unit /= 10) {
    nanoseconds += static_cast<std::uint32_t>(rest[at] - '0') * unit;
  }
  if (at == 1) return;
  into.nanoseconds = nanoseconds;
  cursor.skip(at);
}

/// A zone at once or behind one blank; letters only where they are a word of their own.
void take_zone(TextCursor& cursor, CivilTime& into) {
  TextCursor ahead = cursor;
  (void)ahead.take(" ");
  const std::string_view rest = ahead.rest();
  if (rest.starts_with('+') || rest.starts_with('-')) {
    for (const std::size_t length : {std::size_t{6}, std::size_t{5}, std::size_t{3}}) {
      if (rest.size() < length || (rest.size() > length && rest[length] >= '0' && rest[length] <= '9')) continue;
      const auto east_s = parse_zone_offset(rest.substr(0, length));
      if (!east_s) continue;
      into.east_s = east_s;
      ahead.skip(length);
      cursor = ahead;
      return;
    }
    return;
  }
  std::size_t letters = 0;
  while (letters < rest.size() && rest[letters] >= 'A' && rest[letters] <= 'Z') ++letters;
  if (letters == 0 || letters > 5) return;
  const std::string_view word = rest.substr(0, letters);
  const bool ends = letters == rest.size() || rest[letters] == ' ' || rest[letters] == ',' || rest[letters] == ']';
  if (word == "Z") {
    into.east_s = 0;
  } else if (const auto zone = ends ? find_zone_word(word) : std::nullopt) {
    into.east_s = zone->east_s;
    into.zone_is_certain = zone->is_certain;
  } else {
    return;
  }
  ahead.skip(letters);
  cursor = ahead;
}

}  // namespace

std::optional<LogTime> time_of(const CivilTime& civil, const LogContext& context) {
  if (civil.year < k_first_year || civil.year > k_last_year) return std::nullopt;
  if (civil.hour > 23 || civil.minute > 59 || civil.second > 60) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(civil.year)),
                                         std::chrono::month(civil.month), std::chrono::day(civil.day)};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t local_s =
      days * 86400 + std::int64_t{civil.hour} * 3600 + std::int64_t{civil.minute} * 60 + civil.second;
  const std::int64_t at_s = local_s - civil.east_s.value_or(context.zone.east_of_local_s(local_s));
  if (at_s < 0 || at_s >= k_seconds_max) return std::nullopt;
  LogTime time{.at_ns = at_s * k_second_ns + civil.nanoseconds};
  if (!civil.year_is_written) {
    time.basis = model::TimeBasis::year_assumed;
  } else if (!civil.east_s || !civil.zone_is_certain) {
    time.basis = model::TimeBasis::zone_assumed;
  }
  return time;
}

bool take_clock(TextCursor& cursor, CivilTime& into) {
  TextCursor ahead = cursor;
  const auto hour = ahead.take_number(2);
  if (!hour || !ahead.take(":")) return false;
  const auto minute = ahead.take_number(2);
  if (!minute || !ahead.take(":")) return false;
  const auto second = ahead.take_number(2);
  if (!second) return false;
  into.hour = to_u32(hour);
  into.minute = to_u32(minute);
  into.second = to_u32(second);
  take_fraction(ahead, into);
  cursor = ahead;
  return true;
}

std::optional<CivilTime> take_date_time(TextCursor& cursor) {
  TextCursor ahead = cursor;
  CivilTime time;
  const auto year = ahead.take_number(9);
  if (!year) return std::nullopt;
  const std::string_view between = ahead.next() == '/' ? "/" : "-";
  if (!ahead.take(between)) return std::nullopt;
  const auto month = ahead.take_number(2);
  if (!month || !ahead.take(between)) return std::nullopt;
  const auto day = ahead.take_number(2);
  if (!day || (!ahead.take("T") && !ahead.take(" "))) return std::nullopt;
  if (!take_clock(ahead, time)) return std::nullopt;
  time.year = static_cast<std::int64_t>(*year);
  time.month = to_u32(month);
  time.day = to_u32(day);
  take_zone(ahead, time);
  cursor = ahead;
  return time;
}

std::optional<CivilTime> take_syslog_time(TextCursor& cursor) {
  TextCursor ahead = cursor;
  CivilTime time;
  const auto month = take_month(ahead);
  if (!month || !ahead.take(" ")) return std::nullopt;
  ahead.skip_blanks();
  const auto day = ahead.take_number(2);
  if (!day || !ahead.take(" ")) return std::nullopt;
  time.month = *month;
  time.day = to_u32(day);
  time.year_is_written = false;
  if (!take_clock(ahead, time)) {
    const auto year = ahead.take_number(9);
    if (!year || !ahead.take(" ") || !take_clock(ahead, time)) return std::nullopt;
    time.year = static_cast<std::int64_t>(*year);
    time.year_is_written = true;
  }
  cursor = ahead;
  return time;
}

std::optional<CivilTime> take_web_time(TextCursor& cursor) {
  TextCursor ahead = cursor;
  CivilTime time;
  const auto day = ahead.take_number(2);
  if (!day || !ahead.take("/")) return std::nullopt;
  const auto month = take_month(ahead);
  if (!month || !ahead.take("/")) return std::nullopt;
  const auto year = ahead.take_number(9);
  if (!year || !ahead.take(":") || !take_clock(ahead, time)) return std::nullopt;
  time.year = static_cast<std::int64_t>(*year);
  time.month = *month;
  time.day = to_u32(day);
  take_zone(ahead, time);
  cursor = ahead;
  return time;
}

std::optional<CivilTime> take_asctime(TextCursor& cursor) {
  TextCursor ahead = cursor;
  if (ahead.take_word().size() != 3) return std::nullopt;
  ahead.skip_blanks();
  auto time = take_syslog_time(ahead);
  if (!time || time->year_is_written || !ahead.take(" ")) return std::nullopt;
  const auto year = ahead.take_number(9);
  if (!year) return std::nullopt;
  time->year = static_cast<std::int64_t>(*year);
  time->year_is_written = true;
  cursor = ahead;
  return time;
}

std::optional<std::int64_t> parse_epoch_seconds(std::string_view text) {
  TextCursor cursor(text);
  const auto seconds = cursor.take_number(11);
  if (!seconds || *seconds >= static_cast<std::uint64_t>(k_seconds_max)) return std::nullopt;
  CivilTime fraction;
  take_fraction(cursor, fraction);
  if (!cursor.at_end()) return std::nullopt;
  return static_cast<std::int64_t>(*seconds) * k_second_ns + fraction.nanoseconds;
}

std::optional<std::int64_t> parse_epoch_number(std::string_view text) {
  if (text.find('.') != std::string_view::npos) return parse_epoch_seconds(text);
  TextCursor cursor(text);
  const auto number = cursor.take_number(18);
  TextCursor longer(text);
  if (!number && text.size() == 19 && longer.take("1")) {  // nanoseconds of 2001 to 2033 have 19 digits
    const auto behind = longer.take_number(18);
    if (behind && longer.at_end()) return std::int64_t{1'000'000'000'000'000'000} + static_cast<std::int64_t>(*behind);
  }
  if (!number || !cursor.at_end()) return std::nullopt;
  const auto value = static_cast<std::int64_t>(*number);
  // The borders are beyond year 2261 in the smaller unit, and within 1970 in the larger one.
  if (value < k_seconds_max) return value * k_second_ns;
  if (value < k_seconds_max * 1'000) return value * 1'000'000;
  if (value < k_seconds_max * 1'000'000) return value * 1'000;
  return value;
}

int YearCounter::take(std::uint32_t month) {
  // A line or two out of order at the turn of a month is normal; two months back is a new year.
  if (month_ != 0 && month + 2 <= month_) {
    ++year_;
  } else if (month_ == 1 && month == 12) {
    return year_ - 1;
  }
  month_ = month;
  return year_;
}

}  // namespace lastgood::logs
