// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Times as logs write them. First the shape is read (CivilTime), then it is asked whether there is such a time, so that
// a line of year 99999 is a line with a bad time and not one that nobody understands.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "logs/log_parser.h"
#include "logs/text_cursor.h"

namespace lastgood::logs {

struct CivilTime {
  std::int64_t year = 0;
  std::uint32_t month = 0;  // may be 99: only the shape was looked at
  std::uint32_t day = 0;
  std::uint32_t hour = 0;
  std::uint32_t minute = 0;
  std::uint32_t second = 0;
  std::uint32_t nanoseconds = 0;
  std::optional<std::int32_t> east_s;  // where a zone is written
  bool zone_is_certain = true;         // false: the zone is an abbreviation that means several places
  bool year_is_written = true;
};

struct LogTime {
  std::int64_t at_ns = 0;
  model::TimeBasis basis = model::TimeBasis::recorded;
};

/// Nothing for no day of the calendar, and outside of the years 1970 to 2261.
[[nodiscard]] std::optional<LogTime> time_of(const CivilTime& civil, const LogContext& context);

/// "2022-11-23T07:07:00.123456+05:30": '-' or '/', 'T' or a blank, fraction by '.' or ',', a zone as digits or letters,
/// with or without a blank before it. Moves on only where it fits.
[[nodiscard]] std::optional<CivilTime> take_date_time(TextCursor& cursor);
/// "Nov 23 07:07:00", "Nov  3 07:07:00.123" and "Nov 23 2022 07:07:00" (RFC 3164 section 4.1.2, and routers).
[[nodiscard]] std::optional<CivilTime> take_syslog_time(TextCursor& cursor);
/// "23/Nov/2022:07:07:00 +0530" (Common Log Format).
[[nodiscard]] std::optional<CivilTime> take_web_time(TextCursor& cursor);
/// "Wed Nov 23 07:07:00.123456 2022" (asctime).
[[nodiscard]] std::optional<CivilTime> take_asctime(TextCursor& cursor);
/// "07:07:00", with a fraction or without.
[[nodiscard]] bool take_clock(TextCursor& cursor, CivilTime& into);

/// Seconds since 1970 with a fraction: "1669166820.123456". Nothing outside of the years.
[[nodiscard]] std::optional<std::int64_t> parse_epoch_seconds(std::string_view text);
/// Whole numbers since 1970 in a unit, told by their size: seconds, milli-, micro- or nanoseconds.
[[nodiscard]] std::optional<std::int64_t> parse_epoch_number(std::string_view text);

/// Years of lines that have none: counted on when the months begin anew.
class YearCounter {
 public:
  explicit YearCounter(int first_year) : year_(first_year) {}
  /// The year of a line of this month.
  int take(std::uint32_t month);
  [[nodiscard]] int year() const { return year_; }

 private:
  int year_;
  std::uint32_t month_ = 0;
};

}  // namespace lastgood::logs
