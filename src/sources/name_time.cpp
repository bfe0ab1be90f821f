// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/name_time.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "base/letters.h"
#include "base/local_time.h"

namespace lastgood::sources {

namespace {

using base::is_digit;

constexpr std::int64_t k_second_ns = 1'000'000'000;
constexpr std::int64_t k_hour_ns = 3600 * k_second_ns;
constexpr std::int64_t k_day_ns = 24 * k_hour_ns;
constexpr std::string_view k_narrowed =
    "; it says a day alone, and this is the time of the newest file of that day in it";

/// Reads a name from left to right; what does not fit leaves the place where it was.
class NameReader {
 public:
  NameReader(std::string_view name, std::size_t at) : name_(name), at_(at) {}

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] bool digit_next() const { return at_ < name_.size() && is_digit(name_[at_]); }

  /// Exactly `count` digits.
  std::optional<unsigned> number(std::size_t count) {
    if (name_.size() - at_ < count) return std::nullopt;
    unsigned value = 0;
    for (std::size_t i = at_; i < at_ + count; ++i) {
      if (!is_digit(name_[i])) return std::nullopt;
      value = value * 10 + static_cast<unsigned>(name_[i] - '0');
    }
    at_ += count;
    return value;
  }
  /// One of `allowed`, or '\0' when the next byte is none of them.
  char one_of(std::string_view allowed) {
    if (at_ >= name_.size() || allowed.find(name_[at_]) == std::string_view::npos) return '\0';
    return name_[at_++];
  }

 private:
  std::string_view name_;
  std::size_t at_;
};

struct ClockTime {
  unsigned seconds = 0;  // of the day
  std::size_t to = 0;
};

/// "03:00:00", "03.00", "0300", "030000" at the reader's place; `separator` is what stands between date and clock.
std::optional<ClockTime> parse_clock(NameReader reader) {
  const auto hour = reader.number(2);
  if (!hour || *hour > 23) return std::nullopt;
  const char between = reader.one_of(":.-_h");
  const auto minute = reader.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  ClockTime clock{*hour * 3600 + *minute * 60, reader.at()};
  NameReader further = reader;
  if (between != '\0' && further.one_of(std::string_view(&between, 1)) == '\0') return clock;
  const auto second = further.number(2);
  const bool holds = second && *second < 60 && !further.digit_next();
  if (holds) return ClockTime{clock.seconds + *second, further.at()};
  // "0300" and more digits behind it is no clock.
  return reader.digit_next() ? std::nullopt : std::optional(clock);
}

struct Zone {
  int seconds_east = 0;
  std::size_t to = 0;
};

/// "Z", "+05:30", "-0800" at the reader's place.
std::optional<Zone> parse_zone(NameReader reader) {
  if (reader.one_of("Z") != '\0') return Zone{0, reader.at()};
  const char sign = reader.one_of("+-");
  const auto hours = sign == '\0' ? std::nullopt : reader.number(2);
  if (!hours || *hours > 14) return std::nullopt;
  const char colon = reader.one_of(":");
  const auto minutes = reader.number(2);
  // "-0300" behind a clock may be anything; only a written colon or a plus sign makes it a zone.
  if (!minutes || *minutes > 59 || reader.digit_next() || (sign == '-' && colon == '\0')) return std::nullopt;
  const int seconds = static_cast<int>(*hours * 3600 + *minutes * 60);
  return Zone{sign == '+' ? seconds : -seconds, reader.at()};
}

std::optional<NameTime> parse_time_at(std::string_view name, std::size_t from) {
  NameReader reader(name, from);
  const auto year = reader.number(4);
  if (!year || *year < 1980 || *year > 2099) return std::nullopt;
  const char between = reader.one_of("-._");
  const auto month = reader.number(2);
  if (!month || (between != '\0' && reader.one_of(std::string_view(&between, 1)) == '\0')) return std::nullopt;
  const auto day = reader.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
                                         std::chrono::day(*day)};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  NameTime time{.time_ns = days * 86'400 * k_second_ns, .from = from, .to = reader.at()};

  NameReader behind = reader;
  const char separator = behind.one_of("T_-. @");
  // Without separators in the date the clock may follow at once: "20221122030000".
  if (separator == '\0' && (between != '\0' || !reader.digit_next())) return time;
  const auto clock = parse_clock(behind);
  if (!clock) {
    return separator == '\0' ? std::nullopt : std::optional(time);
  }
  time.time_ns += static_cast<std::int64_t>(clock->seconds) * k_second_ns;
  time.has_clock = true;
  time.to = clock->to;
  if (const auto zone = parse_zone(NameReader(name, time.to))) {
    time.time_ns -= zone->seconds_east * k_second_ns;
    time.zone = NameZone::said;
    time.to = zone->to;
  }
  return time;
}

std::string describe_zone(NameZone zone, std::string_view names_in) {
  std::string text = "the time is the one in the name";
  if (zone == NameZone::given) text += fmt::format(", which says no zone: it is read in {}", base::zone_name(names_in));
  if (zone == NameZone::assumed) text += ", which says no zone: UTC is assumed";
  return text;
}

/// The last part of its id; where that says no time, all of it: a folder may say it ("2022-11-22/etc.tar.gz").
std::string_view name_of(const model::Snapshot& snapshot) {
  const std::string_view id = snapshot.id;
  const std::string_view last = id.substr(id.rfind('/') + 1);
  return find_time_in_name(last) ? last : id;
}

std::vector<model::Finding>::const_iterator find_dating(const std::vector<model::Finding>& findings) {
  return std::find_if(findings.begin(), findings.end(),
                      [](const model::Finding& finding) { return finding.rule.ends_with(".time.name"); });
}

/// REQUIRES: find_dating finds it.
model::Finding& dating_of(model::Snapshot& snapshot) {
  return snapshot.findings[static_cast<std::size_t>(find_dating(snapshot.findings) - snapshot.findings.begin())];
}

}  // namespace

std::optional<NameTime> find_time_in_name(std::string_view name, std::string_view names_in) {
  for (std::size_t at = 0; at + 8 <= name.size(); ++at) {
    if (!is_digit(name[at]) || (at > 0 && is_digit(name[at - 1]))) continue;
    auto time = parse_time_at(name, at);
    if (!time) continue;
    // Windows and Samba define this shape to be UTC.
    if (name.substr(0, at).ends_with("@GMT-")) time->zone = NameZone::said;
    const auto zone = parse_zone(NameReader(names_in, 0));
    if (time->zone == NameZone::assumed && zone) {
      time->time_ns -= zone->seconds_east * k_second_ns;
      time->zone = NameZone::given;
    }
    return time;
  }
  return std::nullopt;
}

bool date_by_name(model::Snapshot& snapshot, std::string_view name, std::string_view names_in, std::string rule) {
  const auto time = find_time_in_name(name, names_in);
  if (!time) return false;
  snapshot.time_ns = time->time_ns;
  snapshot.findings.push_back({.rule = std::move(rule), .sentence = describe_zone(time->zone, names_in)});
  return true;
}

std::optional<OpenDay> find_open_day(const model::Snapshot& snapshot, std::string_view names_in) {
  if (find_dating(snapshot.findings) == snapshot.findings.end()) return std::nullopt;
  const auto time = find_time_in_name(name_of(snapshot), names_in);
  if (!time || time->has_clock) return std::nullopt;
  return OpenDay{.from_ns = time->time_ns, .to_ns = time->time_ns + k_day_ns};
}

bool narrow_day(model::Snapshot& snapshot, std::int64_t file_ns, std::string_view names_in) {
  const auto day = find_open_day(snapshot, names_in);
  if (!day || file_ns <= std::max(snapshot.time_ns, day->from_ns) || file_ns >= day->to_ns) return false;
  snapshot.time_ns = file_ns;
  std::string& sentence = dating_of(snapshot).sentence;
  if (!sentence.ends_with(k_narrowed)) sentence += k_narrowed;
  return true;
}

bool read_name_anew(model::Snapshot& snapshot, std::string_view names_in) {
  const auto time = find_time_in_name(name_of(snapshot), names_in);
  if (find_dating(snapshot.findings) == snapshot.findings.end() || !time) return false;
  const model::Snapshot before = snapshot;
  std::string& sentence = dating_of(snapshot).sentence;
  const bool is_narrowed = sentence.ends_with(k_narrowed);
  snapshot.time_ns = time->time_ns;
  sentence = describe_zone(time->zone, names_in);
  if (is_narrowed) narrow_day(snapshot, before.time_ns, names_in);
  return snapshot.time_ns != before.time_ns || sentence != find_dating(before.findings)->sentence;
}

std::int64_t name_doubt_ns(const model::Snapshot& snapshot, std::string_view names_in) {
  if (find_dating(snapshot.findings) == snapshot.findings.end()) return 0;
  const auto time = find_time_in_name(name_of(snapshot), names_in);
  if (!time) return 0;
  const std::int64_t rest_of_day_ns = time->time_ns + k_day_ns - snapshot.time_ns;
  return (time->has_clock ? 0 : std::clamp<std::int64_t>(rest_of_day_ns, 0, k_day_ns)) +
         (time->zone == NameZone::assumed ? 14 * k_hour_ns : 0);
}

std::int64_t latest_ns(const model::Snapshot& snapshot, std::string_view names_in) {
  const std::int64_t end_ns = snapshot.time_ns + name_doubt_ns(snapshot, names_in);
  const auto dating = find_dating(snapshot.findings);
  const bool is_archive = dating != snapshot.findings.end() && dating->rule.starts_with("tar.");
  const bool is_bound = is_archive && snapshot.stored_ns >= snapshot.time_ns && snapshot.stored_ns < end_ns;
  return is_bound ? snapshot.stored_ns : end_ns;
}

bool is_zone_assumed(const model::Snapshot& snapshot, std::string_view names_in) {
  if (find_dating(snapshot.findings) == snapshot.findings.end()) return false;
  const auto time = find_time_in_name(name_of(snapshot), names_in);
  return time && time->zone == NameZone::assumed;
}

}  // namespace lastgood::sources
