// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/entry_age.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <string>

#include "base/letters.h"

namespace lastgood::backentry {

namespace {

constexpr double k_days_of_year = 365.25;
constexpr double k_years_max = 200;

bool is_digit_of_age(char letter) { return letter >= '0' && letter <= '9'; }
bool is_letter_of_age(char letter) { return letter >= 'a' && letter <= 'z'; }

std::optional<double> unit_years(std::string_view word) {
  if (word.empty() || word.starts_with('y')) return 1.0;
  if (word.starts_with("mo") || word == "m" || word.starts_with("mth")) return 1.0 / 12;
  if (word.starts_with('w')) return 7 / k_days_of_year;
  if (word.starts_with('d')) return 1 / k_days_of_year;
  if (word.starts_with('h') || word.starts_with("mi")) return 0.0;
  return std::nullopt;
}

std::optional<int> digits(std::string_view text) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || out < 0) return std::nullopt;
  return out;
}

/// Days since 1970; of a year alone its middle.
std::optional<double> day_of(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  const auto year = digits(text.substr(0, 4));
  if (!year || *year == 0) return std::nullopt;
  const auto days = [](int of_year, unsigned month, unsigned day) {
    const std::chrono::year_month_day date{std::chrono::year(of_year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!date.ok()) return std::optional<double>();
    return std::optional<double>(static_cast<double>(std::chrono::sys_days(date).time_since_epoch().count()));
  };
  if (text.size() == 4) return days(*year, 7, 1);
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto month = digits(text.substr(5, 2));
  const auto day = digits(text.substr(8, 2));
  if (!month || !day) return std::nullopt;
  return days(*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day));
}

}  // namespace

std::optional<Age> read_age(std::string_view age) {
  const std::string text = base::lower(age);
  if (text.starts_with("newborn") || text.starts_with("new born")) return Age{0, 1.0 / 12};
  std::optional<Age> out;
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), &is_digit_of_age);
    if (begin == text.end()) break;
    const auto end = std::find_if_not(begin, text.end(), &is_digit_of_age);
    const auto word = std::find_if_not(end, text.end(), [](char letter) { return letter == ' ' || letter == '.'; });
    const auto word_end = std::find_if_not(word, text.end(), &is_letter_of_age);
    const auto number = digits(std::string_view(begin, end));
    const auto unit = unit_years(std::string_view(word, word_end));
    if (!number || !unit) return std::nullopt;
    if (!out) out = Age{0, 1};
    out->years += *number * *unit;
    out->unit_years = std::max(*unit, 1 / k_days_of_year);
    at = word_end;
  }
  return out && out->years <= k_years_max ? out : std::nullopt;
}

std::optional<double> years_apart(const Entry& entry, std::string_view birth_date) {
  const std::optional<Age> age = read_age(entry.age);
  auto day = day_of(std::string_view(entry.paper_time).substr(0, 10));
  if (!day) day = day_of(std::string_view(entry.typed).substr(0, 10));
  const std::optional<double> born = day_of(birth_date);
  if (!age || !day || !born) return std::nullopt;
  // Who is "3" is between 3 and 4 years old.
  const double lived = (*day - *born) / k_days_of_year;
  const double middle = age->years + age->unit_years / 2;
  return std::max(0.0, std::abs(lived - middle) - age->unit_years / 2);
}

std::optional<double> years_apart(const Entry& a, const Entry& b) {
  const std::optional<Age> one = read_age(a.age);
  const std::optional<Age> other = read_age(b.age);
  if (!one || !other) return std::nullopt;
  const double middles = std::abs(one->years + one->unit_years / 2 - other->years - other->unit_years / 2);
  return std::max(0.0, middles - (one->unit_years + other->unit_years) / 2);
}

}  // namespace lastgood::backentry
