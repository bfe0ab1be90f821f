// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/doubts.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "backentry/persons_of_numbers.h"
#include "base/foreign_digits.h"
#include "base/letters.h"
#include "base/local_time.h"

namespace lastgood::backentry {

namespace {

using base::is_digit;

constexpr std::string_view k_confirmed = "sure_";
constexpr std::string_view k_person = "person";
constexpr std::string_view k_again = "again";
constexpr std::array<std::string_view, 8> k_abouts = {"number", k_person, "patient_number", "phone",
                                                      "name",   "age",    k_again,          "paper_time"};
constexpr std::size_t k_holders_shown = 3;

std::string_view field_of(std::string_view about) {
  if (about == k_again) return "paper_time";
  return about == k_person ? "number" : about;
}

std::string answer(const Answers& answers, std::string_view key) {
  const auto found = answers.find(key);
  return found == answers.end() ? std::string() : found->second;
}

std::string number_doubt(const Entry& entry, const Known& known) {
  if (known.number != NumberIs::not_given) return {};
  return fmt::format("no sheet of this case has the number '{}': look at the paper again", entry.number);
}

std::string person_doubt(const Entry& entry, const Known& known) {
  if (known.other_holders.empty()) return {};
  std::string others;
  for (std::size_t i = 0; i < std::min(known.other_holders.size(), k_holders_shown); ++i)
    others += (i == 0 ? "" : "; ") + person_line(known.other_holders[i]);
  if (known.other_holders.size() > k_holders_shown)
    others += fmt::format("; and {} more", known.other_holders.size() - k_holders_shown);
  std::string what;
  for (const std::string& one : differences(known.other_holders.front(), entry))
    what += (what.empty() ? "another " : ", another ") + one;
  return fmt::format("'{}' is another person's already ({}): {}; look at the number and the name on both papers",
                     entry.number, others, what);
}

/// Of any script.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

std::size_t digits_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), &is_digit));
}

/// "26.2.1998", "26/02/98", "1998-02-26": three short numbers with one sign between them, and nothing else.
bool is_date(std::string_view text) {
  std::array<std::size_t, 3> digits{};
  std::size_t part = 0;
  char sign = 0;
  for (const char c : text) {
    if (is_digit(c)) {
      ++digits.at(part);
    } else if ((c == '.' || c == '/' || c == '-') && (sign == 0 || c == sign) && digits.at(part) > 0 && part < 2) {
      sign = c;
      ++part;
    } else {
      return false;
    }
  }
  const bool day_first = digits[0] <= 2 && (digits[2] == 2 || digits[2] == 4);
  const bool year_first = digits[0] == 4 && digits[2] >= 1 && digits[2] <= 2;
  return part == 2 && digits[1] <= 2 && (day_first || year_first);
}

std::string phone_doubt(const Entry& entry) {
  constexpr std::size_t k_digits_min = 7;
  constexpr std::size_t k_digits_max = 15;
  if (entry.phone.empty()) return {};
  const auto odd = [&](const char* what) {
    return fmt::format("'{}' {}: type the digits of a telephone, or none", entry.phone, what);
  };
  std::string rest = entry.phone;
  if (const std::size_t at = rest.find("ext"); at != std::string::npos && at > 0) rest.erase(at, 3);
  if (is_date(rest)) return odd("looks like a date");
  if (rest.find(':') != std::string::npos) return odd("looks like a time");
  if (std::any_of(rest.begin(), rest.end(), &is_letter)) return odd("has letters");
  if (digits_in(rest) < k_digits_min) return odd("has fewer than 7 digits");
  return digits_in(rest) > k_digits_max * 2 ? odd("has more digits than two telephones") : std::string();
}

std::string name_doubt(const Entry& entry) {
  constexpr std::size_t k_number_digits_min = 3;  // "Baby 2 of Sunita" has one
  std::string scratch;
  if (digits_in(base::with_ascii_digits(entry.name, scratch)) >= k_number_digits_min)
    return fmt::format("'{}' looks like a number: type the name; a patient number has a line of its own", entry.name);
  if (entry.name.empty() || std::any_of(entry.name.begin(), entry.name.end(), &is_letter)) return {};
  return fmt::format("'{}' has no letters: type the name; a telephone and an age have lines of their own", entry.name);
}

std::string patient_number_doubt(const Entry& entry) {
  if (entry.patient_number.empty() || digits_in(entry.patient_number) > 0) return {};
  return fmt::format("'{}' has no digits: type the number that the hospital gave; the name has a line of its own",
                     entry.patient_number);
}

/// In words; of other scripts any.
bool says_an_age(std::string_view text) {
  constexpr std::array<std::string_view, 10> k_words = {"born",  "neonat", "infant",  "baby", "child",
                                                        "adult", "aged",   "elderly", "old",  "known"};
  std::string lower;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) return true;
    lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  }
  return std::any_of(k_words.begin(), k_words.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

std::string age_doubt(const Entry& entry) {
  constexpr unsigned k_years_max = 125;
  const std::string& age = entry.age;
  const auto odd = [&](const char* what) {
    return fmt::format("'{}' {}: type an age like 45, 3 months or newborn", age, what);
  };
  if (is_date(age)) return odd("looks like a date");
  const auto begin = std::find_if(age.begin(), age.end(), &is_digit);
  if (begin == age.end()) return age.empty() || says_an_age(age) ? std::string() : odd("says no age");
  if (begin != age.begin() && *(begin - 1) == '-') return odd("is no age");
  const auto end = std::find_if_not(begin, age.end(), &is_digit);
  const auto unit = std::find_if(end, age.end(), &is_letter);
  const bool is_years = unit == age.end() || *unit == 'y' || *unit == 'Y';
  constexpr std::ptrdiff_t k_digits_max = 5;  // of days
  if (end - begin > k_digits_max) return odd("is no age");
  return is_years && std::stoul(std::string(begin, end)) > k_years_max ? odd("is more years than anybody has")
                                                                       : std::string();
}

std::string paper_time_doubt(const Entry& entry, const Known& known) {
  constexpr std::int64_t k_second_ns = 1'000'000'000;
  constexpr std::int64_t k_ahead_ns_max = std::int64_t{15} * 60 * k_second_ns;  // clocks on walls go as they like
  // Typing in takes months after a large attack; a year that was just over is typed out of habit.
  constexpr std::int64_t k_days_max = 300;
  const auto time_ns = paper_time_ns(entry.paper_time, known.zone);
  if (known.now_ns == 0 || !time_ns) return {};
  const auto odd = [&](std::string_view what) {
    return fmt::format("'{}' {}: this machine's clock says {}; type the time that is on the paper", entry.paper_time,
                       what, base::time_in_zone(known.now_ns, known.zone));
  };
  if (*time_ns > known.now_ns + k_ahead_ns_max) return odd("is still to come");
  if (*time_ns < known.now_ns - k_days_max * 86'400 * k_second_ns) return odd("is more than 300 days ago");
  return {};
}

/// Two papers that say the same to the minute are rarer than one that is typed twice.
std::string again_doubt(const Known& known) {
  if (known.same_paper == 0) return {};
  return fmt::format(
      "entry {} says the same already (number, person, text and time): look whether it is the same paper",
      known.same_paper);
}

}  // namespace

std::vector<Doubt> open_doubts(const Answers& answers, const Known& known) {
  const Entry entry = read_answers(answers).entry;
  std::vector<Doubt> out;
  const auto add = [&](std::string_view about, std::string sentence) {
    const std::string_view field = field_of(about);
    const auto confirmed = answers.find(confirmed_key(about));
    if (sentence.empty() || (confirmed != answers.end() && confirmed->second == answer(answers, field))) return;
    out.push_back({std::string(field), std::string(about), std::move(sentence)});
  };
  add("number", number_doubt(entry, known));
  add(k_person, person_doubt(entry, known));
  add("patient_number", patient_number_doubt(entry));
  add("phone", phone_doubt(entry));
  add("name", name_doubt(entry));
  add("age", age_doubt(entry));
  add("paper_time", paper_time_doubt(entry, known));
  add(k_again, again_doubt(known));
  return out;
}

void confirm(Answers& answers, std::string_view about) {
  answers[confirmed_key(about)] = answer(answers, field_of(about));
}

std::string confirmed_key(std::string_view about) { return std::string(k_confirmed) + std::string(about); }

bool is_confirmed_key(std::string_view key) {
  return std::any_of(k_abouts.begin(), k_abouts.end(),
                     [&](std::string_view about) { return key == confirmed_key(about); });
}

bool can_be_doubted(std::string_view field) {
  return field != k_person && field != k_again && std::find(k_abouts.begin(), k_abouts.end(), field) != k_abouts.end();
}

}  // namespace lastgood::backentry
