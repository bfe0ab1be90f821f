// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/prepared_sheet.h"

#include <charconv>

#include <fmt/format.h>

#include "base/human.h"

namespace lastgood::sheets {

namespace {

constexpr std::int64_t k_second_ns = 1'000'000'000;

/// "+05:30" as seconds; 0 for what is none.
std::int64_t zone_seconds(const std::string& zone) {
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return 0;
  int hours = 0;
  int minutes = 0;
  const auto first = std::from_chars(zone.data() + 1, zone.data() + 3, hours);
  const auto second = std::from_chars(zone.data() + 4, zone.data() + 6, minutes);
  if (first.ec != std::errc() || second.ec != std::errc()) return 0;
  const std::int64_t seconds = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
  return zone[0] == '-' ? -seconds : seconds;
}

std::string span_words(double seconds) {
  const auto minutes = static_cast<std::int64_t>(seconds / 60);
  if (minutes >= 48 * 60) return fmt::format("{} days {} h", minutes / (24 * 60), (minutes / 60) % 24);
  if (minutes >= 60) {
    return minutes % 60 == 0 ? fmt::format("{} h", minutes / 60)
                             : fmt::format("{} h {} min", minutes / 60, minutes % 60);
  }
  return fmt::format("{} min", minutes);
}

}  // namespace

std::string time_in_zone(std::int64_t time_ns, const std::string& zone) {
  if (time_ns == 0) return "unknown";
  const std::int64_t offset = zone_seconds(zone);
  std::string text = base::utc_time(time_ns + offset * k_second_ns);  // 2022-11-23T07:06:58Z
  if (text.size() < 19) return text;
  text[10] = ' ';
  return text.substr(0, 19) + (offset == 0 ? " UTC" : " " + zone);
}

std::string age_of(const Stamp& stamp) {
  if (stamp.data_as_of_ns == 0) return "unknown";
  const double seconds = static_cast<double>(stamp.made_ns - stamp.data_as_of_ns) / 1e9;
  if (seconds < 0) return "less than nothing: the clocks disagree";
  return span_words(seconds);
}

bool is_stale(const Stamp& stamp) {
  if (stamp.stale_after_s <= 0) return false;
  if (stamp.data_as_of_ns == 0) return true;
  return static_cast<double>(stamp.made_ns - stamp.data_as_of_ns) / 1e9 > stamp.stale_after_s;
}

std::string stale_words(const Stamp& stamp) {
  if (!is_stale(stamp)) return {};
  if (stamp.data_as_of_ns == 0) return "AGE OF THE DATA UNKNOWN";
  return "OLDER THAN " + span_words(stamp.stale_after_s);
}

}  // namespace lastgood::sheets
