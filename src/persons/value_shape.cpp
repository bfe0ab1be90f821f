// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "persons/value_shape.h"

#include <algorithm>

#include "base/foreign_digits.h"
#include "base/letters.h"

namespace lastgood::persons {

namespace {

using base::lower;

enum class Class : std::uint8_t { other, digit, letter, separator, space, at, plus };

constexpr std::array<Class, 256> k_classes = [] {
  std::array<Class, 256> out{};
  for (std::size_t c = 0; c < 256; ++c) {
    if (c >= '0' && c <= '9') out[c] = Class::digit;
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c > 127) out[c] = Class::letter;
  }
  for (const char c : {'-', '.', '/', ':'}) out[static_cast<std::uint8_t>(c)] = Class::separator;
  for (const char c : {' ', '\t', '\r', '\n'}) out[static_cast<std::uint8_t>(c)] = Class::space;
  out[static_cast<std::uint8_t>('@')] = Class::at;
  out[static_cast<std::uint8_t>('+')] = Class::plus;
  return out;
}();

Class class_of(char c) { return k_classes[static_cast<std::uint8_t>(c)]; }
bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (class_of(text.front()) == Class::space || text.front() == '\'' || text.front() == '"'))
    text.remove_prefix(1);
  while (!text.empty() && (class_of(text.back()) == Class::space || text.back() == '\'' || text.back() == '"'))
    text.remove_suffix(1);
  return text;
}

int number_in(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool is_day(const Date& date) {
  constexpr std::array<int, 12> k_days = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return date.year >= 1850 && date.year <= 2100 && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
         date.day <= k_days[static_cast<std::size_t>(date.month - 1)];
}

/// "84" is 1984, "12" is 2012: whoever is older than a hundred has four digits somewhere else.
int full_year(std::string_view digits) {
  constexpr int k_last_of_this_century = 30;
  const int year = number_in(digits);
  return digits.size() != 2 ? year : year <= k_last_of_this_century ? 2000 + year : 1900 + year;
}

std::optional<Date> checked(const Date& date) { return is_day(date) ? std::optional(date) : std::nullopt; }

/// Lengths of the runs of digits, as far as three; 0: none.
struct Runs {
  std::array<std::string_view, 3> digits;
  std::size_t count = 0;
  std::string_view word;  // letters between them: "Nov"
};

Runs runs_of(std::string_view text) {
  Runs runs;
  std::size_t at = 0;
  while (at < text.size() && runs.count < 3) {
    const std::size_t from = at;
    const Class kind = class_of(text[at]);
    while (at < text.size() && class_of(text[at]) == kind) ++at;
    if (kind == Class::digit) runs.digits.at(runs.count++) = text.substr(from, at - from);
    if (kind == Class::letter && runs.word.empty() && runs.count == 1) runs.word = text.substr(from, at - from);
  }
  return runs;
}

int month_of(std::string_view word) {
  constexpr std::string_view k_months = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (word.size() < 3) return 0;
  const std::array<char, 3> head = {lower(word[0]), lower(word[1]), lower(word[2])};
  const std::size_t at = k_months.find(std::string_view(head.data(), 3));
  return at == std::string_view::npos || at % 3 != 0 ? 0 : static_cast<int>(at / 3) + 1;
}

}  // namespace

ValueShape shape_of(std::string_view value) {
  ValueShape shape;
  shape.text = trimmed(value.substr(0, k_value_bytes_max));
  bool is_first = true;
  unsigned all_bits = 0;
  for (const char c : shape.text) {
    all_bits |= static_cast<std::uint8_t>(c);
    switch (class_of(c)) {
      case Class::digit:
        if (shape.digit_count < k_digits_max) shape.digits[shape.digit_count] = c;
        ++shape.digit_count;
        break;
      case Class::letter: ++shape.letter_count; break;
      case Class::separator:
      case Class::space: ++shape.separators; break;
      case Class::at:
        shape.has_at = true;
        ++shape.others;
        break;
      case Class::plus:
        if (!is_first) ++shape.others;
        break;
      case Class::other: ++shape.others; break;
    }
    is_first = false;
  }
  shape.is_ascii = all_bits < 0x80;
  return shape;
}

ValueShape shape_of(std::string_view value, std::string& scratch) {
  ValueShape shape = shape_of(value);
  if (!shape.is_ascii) shape = shape_of(base::with_ascii_digits(shape.text, scratch));
  return shape;
}

bool is_missing(const ValueShape& shape) {
  const std::string_view text = shape.text;
  if (text.empty()) return true;
  if (shape.digit_count == 0 && shape.letter_count == 0) return true;
  if (shape.is_number()) {
    const std::string_view digits = shape.digit_text();
    return digits.size() == shape.digit_count && digits.find_first_not_of(digits[0]) == std::string_view::npos &&
           (digits[0] == '0' || digits.size() >= 8);
  }
  if (text.size() > 9 || std::string_view("NnUuTt\\").find(text[0]) == std::string_view::npos) return false;
  std::string folded(text);
  for (char& c : folded) c = lower(c);
  for (const std::string_view word :
       {"null", "none", "nil", "na", "n/a", "n.a.", "unknown", "not given", "\\n", "nan", "test"})
    if (folded == word) return true;
  return false;
}

std::optional<Date> find_date(const ValueShape& shape, DayPlace day_place) {
  const std::string_view text = shape.text;
  if (shape.digit_count < 3 || text.size() > 40 || shape.has_at) return std::nullopt;
  const Runs runs = runs_of(text);
  const std::string_view first = runs.digits[0];
  if (first.size() >= 8 && first.size() <= 14 && first.data() == text.data()) {
    return checked({number_in(first.substr(0, 4)), number_in(first.substr(4, 2)), number_in(first.substr(6, 2))});
  }
  if (first.data() != text.data() || runs.count < 2) return std::nullopt;
  if (!runs.word.empty()) {
    const std::string_view year = runs.digits[1];
    if ((year.size() != 4 && year.size() != 2) || first.size() > 2) return std::nullopt;
    return checked({full_year(year), month_of(runs.word), number_in(first)});
  }
  if (runs.count < 3) return std::nullopt;
  const std::string_view second = runs.digits[1];
  const std::string_view third = runs.digits[2];
  if (second.size() > 2) return std::nullopt;
  if (first.size() == 4 && third.size() <= 2) return checked({number_in(first), number_in(second), number_in(third)});
  const bool has_short_year =
      third.size() == 2 && text.find_first_of(".: ") == std::string_view::npos && text.size() <= 8;
  if (first.size() <= 2 && (third.size() == 4 || has_short_year)) {
    const bool day_first = day_place == DayPlace::first;
    return checked({full_year(third), number_in(day_first ? second : first), number_in(day_first ? first : second)});
  }
  return std::nullopt;
}

bool is_time_stamp(const ValueShape& shape) {
  if (!shape.is_number() || (shape.digit_count != 8 && shape.digit_count != 12 && shape.digit_count != 14))
    return false;
  const std::string_view digits = shape.digit_text();
  const Date date{number_in(digits.substr(0, 4)), number_in(digits.substr(4, 2)), number_in(digits.substr(6, 2))};
  if (date.year < 1900 || !is_day(date)) return false;
  if (digits.size() == 8) return true;
  const bool has_seconds = digits.size() == 14;
  return number_in(digits.substr(8, 2)) < 24 && number_in(digits.substr(10, 2)) < 60 &&
         (!has_seconds || number_in(digits.substr(12, 2)) < 60);
}

std::string_view mobile_digits(const ValueShape& shape) {
  if (!shape.is_number() || shape.digit_count < 10 || shape.digit_count > 13) return {};
  std::string_view digits = shape.digit_text();
  if (digits.size() == 12 && digits.starts_with("91")) digits.remove_prefix(2);
  if (digits.size() == 11 && digits[0] == '0') digits.remove_prefix(1);
  if (digits.size() == 13 && digits.starts_with("091")) digits.remove_prefix(3);
  if (digits.size() != 10 || digits[0] < '6') return {};
  // From the shape itself: the view must outlive this function.
  return shape.digit_text().substr(shape.digit_text().size() - 10);
}

bool is_other_phone(const ValueShape& shape) {
  if (!shape.is_number()) return false;
  if (shape.text[0] == '+') return shape.digit_count >= 8 && shape.digit_count <= 15;
  return shape.digits[0] == '0' && shape.digit_count >= 10 && shape.digit_count <= 12 && shape.digits[1] != '0';
}

bool is_email(const ValueShape& shape) {
  if (!shape.has_at) return false;
  const std::size_t at = shape.text.find('@');
  const std::string_view domain = shape.text.substr(at + 1);
  return at > 0 && domain.size() >= 4 && domain.find('@') == std::string_view::npos &&
         domain.find('.') != std::string_view::npos && domain.find('.') > 0 && domain.back() != '.' &&
         shape.text.find(' ') == std::string_view::npos;
}

bool is_abha_address(const ValueShape& shape) {
  if (!shape.has_at) return false;
  const std::size_t at = shape.text.find('@');
  std::string domain(shape.text.substr(at + 1));
  for (char& c : domain) c = lower(c);
  return at >= 3 && (domain == "abdm" || domain == "sbx" || domain == "ndhm");
}

bool is_pan(const ValueShape& shape) {
  const std::string_view text = shape.text;
  if (text.size() != 10 || shape.digit_count != 4 || shape.letter_count != 6) return false;
  for (std::size_t i = 0; i < 10; ++i) {
    const bool is_digit_place = i >= 5 && i <= 8;
    if (is_digit_place != (class_of(text[i]) == Class::digit)) return false;
    if (static_cast<std::uint8_t>(text[i]) > 127) return false;
  }
  const char holder = is_capital(text[3]) ? text[3] : static_cast<char>(text[3] - 32);
  return std::string_view("ABCFGHJLPT").find(holder) != std::string_view::npos;
}

bool is_grouped_abha(const ValueShape& shape) {
  const std::string_view text = shape.text;
  return text.size() == 17 && shape.digit_count == 14 && shape.is_number() && text[2] == text[7] &&
         text[7] == text[12] && (text[2] == '-' || text[2] == ' ');
}

bool is_aadhaar_shape(const ValueShape& shape) {
  if (shape.digit_count != 12 || !shape.is_number() || shape.digits[0] < '2') return false;
  const std::string_view text = shape.text;
  if (text.size() == 12) return true;
  return text.size() == 14 && text[4] == text[9] && (text[4] == ' ' || text[4] == '-');
}

bool is_name_shape(const ValueShape& shape) {
  if (shape.digit_count > 0 || shape.others > 1 || shape.letter_count < 2 || shape.text.size() > 80) return false;
  return shape.separators <= 6 && shape.text.find('/') == std::string_view::npos &&
         shape.text.find(':') == std::string_view::npos;
}

std::string masked(std::string_view value) {
  std::string scratch;
  const ValueShape shape = shape_of(value, scratch);
  const std::size_t counted = static_cast<std::size_t>(shape.digit_count) + shape.letter_count;
  const bool is_open_text = is_name_shape(shape) || find_date(shape, DayPlace::first) || is_time_stamp(shape);
  std::size_t shown = counted >= 10 ? 4 : counted >= 5 ? 2 : 0;
  if (is_open_text || shape.has_at) shown = 0;
  std::string out;
  std::size_t seen = 0;
  for (const char c : shape.text.substr(0, 40)) {
    const Class kind = class_of(c);
    if (kind != Class::digit && kind != Class::letter) {
      out += c;
      continue;
    }
    ++seen;
    if (seen + shown > counted && static_cast<std::uint8_t>(c) < 128) {
      out += c;
    } else if (static_cast<std::uint8_t>(c) < 128 || (static_cast<std::uint8_t>(c) & 0xC0U) == 0xC0U) {
      out += 'X';
    }
  }
  return out;
}

}  // namespace lastgood::persons
