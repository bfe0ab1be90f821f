// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/local_time.h"

#include <algorithm>
#include <cstdint>

#include "base/human.h"

namespace lastgood::base {

namespace {

constexpr std::int64_t k_minute_ns = 60'000'000'000;
constexpr std::string_view k_form = "+00:00";

/// East of UTC; 0 for what is no zone.
std::int64_t minutes_of(std::string_view zone) {
  if (zone.size() != k_form.size() || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return 0;
  const auto is_digit = [&](std::size_t at) { return zone[at] >= '0' && zone[at] <= '9'; };
  if (!is_digit(1) || !is_digit(2) || !is_digit(4) || !is_digit(5)) return 0;
  const auto number = [&](std::size_t at) { return (zone[at] - '0') * 10 + (zone[at + 1] - '0'); };
  const std::int64_t minutes = std::int64_t{number(1)} * 60 + number(4);
  return zone[0] == '-' ? -minutes : minutes;
}

}  // namespace

std::string time_in_zone(std::int64_t time_ns, std::string_view zone) {
  if (time_ns == 0) return "unknown";
  const std::int64_t minutes = minutes_of(zone);
  // The first and the last day that fit stay where they are; a moment whose local reading is 1970-01-01 is no unknown
  // one.
  const std::int64_t apart_ns = minutes * k_minute_ns;
  if (apart_ns > 0 ? time_ns > INT64_MAX - apart_ns : time_ns < INT64_MIN - apart_ns) return time_in_zone(time_ns, {});
  const std::int64_t local_ns = time_ns + apart_ns;
  std::string text = utc_time(local_ns == 0 ? 1 : local_ns);  // 2022-11-23T07:07:00Z
  std::replace(text.begin(), text.end(), 'T', ' ');
  text.pop_back();
  return text + ' ' + (minutes == 0 ? "UTC" : std::string(zone));
}

std::string zone_name(std::string_view zone) { return minutes_of(zone) == 0 ? "UTC" : "UTC" + std::string(zone); }

std::string time_in_zone_and_utc(std::int64_t time_ns, std::string_view zone) {
  std::string text = time_in_zone(time_ns, zone);
  if (time_ns != 0 && minutes_of(zone) != 0) text += " (" + utc_time(time_ns) + ")";
  return text;
}

}  // namespace lastgood::base
