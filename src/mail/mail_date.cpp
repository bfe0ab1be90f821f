// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/mail_date.h"

#include <array>
#include <chrono>
#include <vector>

#include "mail/letters.h"

namespace lastgood::mail {

namespace {

constexpr std::size_t k_text_max = 256;
constexpr std::size_t k_words_max = 16;
constexpr int k_year_min = 1970;
constexpr int k_year_max = 2261;  // nanoseconds in 64 bits end in 2262

/// Words between blanks, commas and comments; comments are dropped (they name the zone again), nested at most 8 deep.
struct Words {
  std::vector<std::string_view> words;
  bool odd = false;
};

Words split(std::string_view text) {
  Words result;
  int depth = 0;
  std::size_t begin = 0;
  const auto end_word = [&](std::size_t at) {
    if (at > begin && result.words.size() < k_words_max) result.words.push_back(text.substr(begin, at - begin));
  };
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    if (c == '(') {
      if (depth++ == 0) end_word(i);
    } else if (c == ')' && depth > 0) {
      if (--depth == 0) begin = i + 1;
    } else if (depth == 0 && (is_space(c) || c == ',' || c == ';')) {
      end_word(i);
      begin = i + 1;
    }
  }
  return result;
}

int month_of(std::string_view word) {
  constexpr std::array<std::string_view, 12> k_months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                         "jul", "aug", "sep", "oct", "nov", "dec"};
  constexpr std::array<std::string_view, 12> k_long = {"january",   "february", "march",    "april",
                                                       "may",       "june",     "july",     "august",
                                                       "september", "october",  "november", "december"};
  if (!word.empty() && word.back() == '.') word.remove_suffix(1);
  for (std::size_t i = 0; i < 12; ++i) {
    if (same_word(word, k_months.at(i)) || same_word(word, k_long.at(i)) || (i == 8 && same_word(word, "sept"))) {
      return static_cast<int>(i) + 1;
    }
  }
  return 0;
}

bool is_day_name(std::string_view word) {
  constexpr std::array<std::string_view, 7> k_days = {"monday", "tuesday",  "wednesday", "thursday",
                                                      "friday", "saturday", "sunday"};
  if (!word.empty() && word.back() == '.') word.remove_suffix(1);
  if (word.size() < 3) return false;
  for (const auto& day : k_days) {
    if (begins_with_word(day, word)) return true;
  }
  return same_word(word, "thurs") || same_word(word, "tues") || same_word(word, "weds");
}

struct Clock {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
  std::string_view rest;  // what sticks to it: a zone, "PM"
  bool odd = false;
};

/// "07:07", "07:07:00", "07.07.00", "7:7:0.25", each perhaps followed by a zone without a blank.
std::optional<Clock> parse_clock(std::string_view word) {
  Clock clock;
  std::array<std::size_t, 3> parts{};
  std::size_t count = 0;
  std::size_t at = 0;
  char separator = 0;
  while (count < 3) {
    std::size_t digits = at;
    while (digits < word.size() && is_digit(word[digits])) ++digits;
    const auto value = parse_decimal(word.substr(at, std::min<std::size_t>(digits - at, 3)), 99);
    if (!value || digits - at > 2) return std::nullopt;
    parts.at(count++) = *value;
    clock.odd = clock.odd || digits - at != 2;
    at = digits;
    if (at >= word.size() || (separator != 0 ? word[at] != separator : word[at] != ':' && word[at] != '.')) break;
    if (count == 3) break;
    separator = word[at++];
  }
  if (count < 2 || parts[0] > 24 || parts[1] > 59 || parts[2] > 60) return std::nullopt;
  if (parts[0] == 24 && (parts[1] > 0 || parts[2] > 0)) return std::nullopt;
  // A leap second is the second after it: no clock that counts seconds of 1970 can show it.
  clock.seconds = static_cast<std::int64_t>(parts[0] * 3600 + parts[1] * 60 + parts[2]);
  clock.odd = clock.odd || separator != ':' || parts[0] == 24;
  if (count == 3 && at < word.size() && (word[at] == '.' || word[at] == ',')) {
    std::int64_t unit = 100'000'000;
    for (++at; at < word.size() && is_digit(word[at]); ++at, unit /= 10) clock.nanoseconds += (word[at] - '0') * unit;
    clock.odd = true;
  }
  clock.rest = word.substr(at);
  return clock;
}

std::optional<int> year_of(std::string_view word, bool& odd) {
  const auto value = parse_decimal(word, 99'999);
  if (!value || word.size() < 2 || word.size() > 4) return std::nullopt;
  auto year = static_cast<int>(*value);
  // RFC 5322 section 4.3: two digits below 50 are of this century, other two- and all three-digit ones of the last.
  if (word.size() == 2) year += year < 50 ? 2000 : 1900;
  if (word.size() == 3) year += 1900;
  odd = odd || word.size() != 4;
  if (year < k_year_min || year > k_year_max) return std::nullopt;
  return year;
}

/// "+0530", "-08:00", "+5", "GMT+0530", "UTC", "EST"; nothing for other words.
std::optional<int> parse_offset(std::string_view word, bool& odd) {
  if (begins_with_word(word, "gmt") || begins_with_word(word, "utc")) {
    if (word.size() == 3) return 0;
    odd = true;
    word.remove_prefix(3);
  }
  if (word.empty() || (word[0] != '+' && word[0] != '-')) return std::nullopt;
  const int sign = word[0] == '-' ? -1 : 1;
  word.remove_prefix(1);
  std::string digits;
  for (const char c : word) {
    if (c == ':') {
      odd = true;
      continue;
    }
    if (!is_digit(c)) return std::nullopt;
    digits += c;
  }
  if (digits.empty() || digits.size() > 4) return std::nullopt;
  const auto value = static_cast<int>(*parse_decimal(digits, 9999));
  const int hours = digits.size() <= 2 ? value : value / 100;
  const int minutes = digits.size() <= 2 ? 0 : value % 100;
  odd = odd || digits.size() != 4;
  if (hours > 24 || minutes > 59) return std::nullopt;
  return sign * (hours * 60 + minutes);
}

/// What the words turned out to be.
struct Parts {
  int day = 0;
  int month = 0;
  std::optional<int> year;
  std::optional<Clock> clock;
  std::optional<int> zone;
  std::string_view zone_text;
  bool zone_by_number = false;
  bool odd = false;
};

void take_zone(Parts& parts, std::string_view word) {
  bool odd = parts.odd;
  if (const auto offset = parse_offset(word, odd)) {
    // A number says more than a name before it.
    if (parts.zone_by_number) return;
    parts.odd = odd;
    parts.zone_text = word;
    parts.zone_by_number = word.size() > 3 || !is_letter(word[0]);
    parts.zone = word == "-0000" ? std::nullopt : offset;
    return;
  }
  if (parts.zone_by_number || word.size() > 5 || word.empty() || !is_letter(word[0])) return;
  parts.zone_text = word;
  parts.zone = find_zone(word);
  parts.odd = parts.odd || !same_word(word, "GMT");
}

/// "23-Nov-2022", "2022-11-23", "2022/11/23": true when it was a whole date in one word.
bool take_joined_date(Parts& parts, std::string_view word) {
  const char separator = word.find('-') != std::string_view::npos ? '-' : '/';
  const std::size_t one = word.find(separator);
  const std::size_t two = one == std::string_view::npos ? one : word.find(separator, one + 1);
  if (two == std::string_view::npos || one == 0) return false;
  const std::string_view first = word.substr(0, one);
  const std::string_view second = word.substr(one + 1, two - one - 1);
  const std::string_view third = word.substr(two + 1);
  bool odd = true;
  if (first.size() == 4) {
    const auto year = year_of(first, odd);
    const auto month = parse_decimal(second, 12);
    const auto day = parse_decimal(third, 31);
    if (!year || !month || !day) return false;
    parts.year = year;
    parts.month = static_cast<int>(*month);
    parts.day = static_cast<int>(*day);
  } else {
    // Numbers alone would be day or month first, which nobody can tell.
    const auto day = parse_decimal(first, 31);
    const auto year = year_of(third, odd);
    if (!day || !year || month_of(second) == 0) return false;
    parts.day = static_cast<int>(*day);
    parts.month = month_of(second);
    parts.year = year;
  }
  parts.odd = true;
  return true;
}

void take_clock(Parts& parts, const Clock& clock) {
  parts.clock = clock;
  parts.odd = parts.odd || clock.odd;
  if (!clock.rest.empty()) {
    parts.odd = true;
    take_zone(parts, clock.rest == "Z" ? "UTC" : clock.rest);
  }
}

void take_half(Parts& parts, std::string_view word) {
  if (!parts.clock || parts.clock->seconds >= 13 * 3600) return;
  const std::int64_t hour = parts.clock->seconds / 3600;
  if (same_word(word, "pm") && hour < 12) parts.clock->seconds += 12 * 3600;
  if (same_word(word, "am") && hour == 12) parts.clock->seconds -= 12 * 3600;
  parts.odd = true;
}

void take_word(Parts& parts, std::string_view word) {
  if (is_day_name(word) && !parts.clock) return;
  if (parts.month == 0 && month_of(word) > 0) {
    parts.month = month_of(word);
    return;
  }
  if (!parts.clock && word.find('T') != std::string_view::npos && word.size() > 10 &&
      take_joined_date(parts, word.substr(0, word.find('T')))) {
    if (const auto clock = parse_clock(word.substr(word.find('T') + 1))) take_clock(parts, *clock);
    return;
  }
  if (parts.month == 0 && take_joined_date(parts, word)) return;
  if (!parts.clock) {
    if (const auto clock = parse_clock(word)) {
      take_clock(parts, *clock);
      return;
    }
  }
  if (is_digit(word[0])) {
    const auto number = parse_decimal(word, 99'999);
    if (parts.day == 0 && number && *number >= 1 && *number <= 31 && word.size() <= 2) {
      parts.day = static_cast<int>(*number);
    } else if (!parts.year && !(parts.clock && parts.day == 0)) {
      parts.year = year_of(word, parts.odd);
    }
    return;
  }
  if (parts.clock && (same_word(word, "am") || same_word(word, "pm"))) return take_half(parts, word);
  if (parts.clock) take_zone(parts, word);
}

}  // namespace

std::optional<int> find_zone(std::string_view name) {
  struct Zone {
    std::string_view name;
    int minutes;
  };
  constexpr std::array k_zones = {
      Zone{"UT", 0},     Zone{"UTC", 0},    Zone{"GMT", 0},    Zone{"Z", 0},      Zone{"WET", 0},    Zone{"EST", -300},
      Zone{"EDT", -240}, Zone{"CST", -360}, Zone{"CDT", -300}, Zone{"MST", -420}, Zone{"MDT", -360}, Zone{"PST", -480},
      Zone{"PDT", -420}, Zone{"CET", 60},   Zone{"MEZ", 60},   Zone{"MET", 60},   Zone{"WEST", 60},  Zone{"CEST", 120},
      Zone{"MEST", 120}, Zone{"MESZ", 120}, Zone{"EET", 120},  Zone{"EEST", 180}, Zone{"MSK", 180},  Zone{"HKT", 480},
      Zone{"SGT", 480},  Zone{"JST", 540},  Zone{"KST", 540},  Zone{"AEST", 600}, Zone{"AEDT", 660}, Zone{"NZST", 720},
      Zone{"NZDT", 780},
  };
  for (const Zone& zone : k_zones) {
    if (same_word(zone.name, name)) return zone.minutes;
  }
  return std::nullopt;
}

std::optional<MailDate> parse_mail_date(std::string_view text) {
  text = trim(text.substr(0, k_text_max));
  Parts parts;
  for (const std::string_view word : split(text).words) take_word(parts, word);
  if (parts.day == 0 || parts.month == 0 || !parts.year || !parts.clock) return std::nullopt;
  using namespace std::chrono;
  const year_month_day date{year(*parts.year), month(static_cast<unsigned>(parts.month)),
                            day(static_cast<unsigned>(parts.day))};
  if (!date.ok()) return std::nullopt;
  const std::int64_t days = sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86400 + parts.clock->seconds - std::int64_t{parts.zone.value_or(0)} * 60;
  MailDate result;
  result.time_ns = seconds * 1'000'000'000 + parts.clock->nanoseconds;
  result.zone_minutes = parts.zone;
  result.zone_text = std::string(parts.zone_text);
  result.moment_known = parts.zone.has_value() || parts.zone_text == "-0000";
  result.oddly_written = parts.odd || parts.zone_text.empty();
  return result;
}

}  // namespace lastgood::mail
