// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "persons/column_recognition.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <optional>

#include <fmt/format.h>

#include "persons/name_hints.h"
#include "persons/verhoeff.h"

namespace lastgood::persons {

namespace {

constexpr std::array<std::string_view, k_column_kinds> k_names = {
    "other",           "aadhaar", "aadhaar_vid", "abha_number",   "abha_address", "pan",
    "hospital_number", "phone",   "email",       "date_of_birth", "person_name",  "pincode"};

/// A random number passes Verhoeff with this chance.
constexpr double k_pass_by_chance = 0.1;
/// Chance of taking a column of other numbers for Aadhaar. One in 10^12 columns.
constexpr double k_log_chance_max = -27.6;

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

/// Natural logarithm of an upper bound (Chernoff) of the chance that of `trials` random numbers a part of `passing` or
/// more passes.
double log_chance(double trials, double passing) {
  if (passing <= k_pass_by_chance) return 0;
  const double p = std::min(passing, 1.0);
  const double failing = p >= 1 ? 0 : (1 - p) * std::log((1 - p) / (1 - k_pass_by_chance));
  return -trials * (p * std::log(p / k_pass_by_chance) + failing);
}

/// Do so many of the shapes pass that chance is no explanation?
bool passes_beyond_chance(std::uint64_t passes, std::uint64_t shapes, double distinct_passes) {
  const double passing = share(passes, shapes);
  if (passing < 0.5) return false;
  // Equal values are no further trials: a constant column passes or fails as a whole.
  const double trials = std::min(static_cast<double>(shapes), distinct_passes / passing);
  return log_chance(trials, passing) < k_log_chance_max;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return fmt::format("{:.1f} %", 100 * share(part, whole));
}

/// Decides one column; the first rule that speaks wins.
class Decision {
 public:
  Decision(const ColumnStatistics& column, std::string_view name, std::string_view table)
      : c_(column), hint_(hinted_kind(name, table)) {}

  ColumnJudgement decide() {
    if (c_.day_first < c_.month_first) out_.day_place = DayPlace::second;
    if (c_.present == 0) return say(ColumnKind::other, model::Certainty::strong, "it holds no values");
    if (by_checksum() || by_shape() || by_name()) return out_;
    if (hint_ != ColumnKind::other && out_.reasons.empty())
      out_.reasons.push_back(
          fmt::format("its name promises {}, its {} values do not look so", name_of(hint_), c_.present));
    return out_;
  }

 private:
  ColumnJudgement say(ColumnKind kind, model::Certainty certainty, std::string reason) {
    out_.kind = kind;
    out_.certainty = certainty;
    out_.reasons.push_back(std::move(reason));
    if (hint_ == kind && kind != ColumnKind::other) out_.reasons.emplace_back("its name says so too");
    return out_;
  }
  bool decided() const { return out_.kind != ColumnKind::other; }
  [[nodiscard]] double part(std::uint64_t count) const { return share(count, c_.present); }

  bool by_checksum() {
    check(ColumnKind::aadhaar, "twelve-digit", c_.aadhaar_passes, c_.aadhaar_shapes);
    if (!decided()) check(ColumnKind::aadhaar_vid, "sixteen-digit", c_.vid_passes, c_.vid_shapes);
    return decided();
  }
  void check(ColumnKind kind, std::string_view what, std::uint64_t passes, std::uint64_t shapes) {
    if (shapes == 0) return;
    std::string reason = fmt::format("{} of {} {} values pass the Verhoeff checksum ({}; by chance 10 %)", passes,
                                     shapes, what, percent(passes, shapes));
    if (passes_beyond_chance(passes, shapes, c_.distinct_passes.estimate())) {
      say(kind, model::Certainty::proven, std::move(reason));
      if (shapes < c_.present)
        out_.reasons.push_back(fmt::format("{} of its {} values have another shape", c_.present - shapes, c_.present));
    } else if (hint_ == kind && share(passes, shapes) >= 0.5) {
      say(kind, model::Certainty::strong, std::move(reason) + "; too few to decide without its name");
    } else if (hint_ == kind) {
      out_.reasons.push_back(std::move(reason) + ": its name promises what its values are not");
    }
  }

  bool by_shape() {
    if (part(c_.abha_addresses) >= 0.5)
      say(ColumnKind::abha_address, model::Certainty::strong, of("end in @abdm, @ndhm or @sbx", c_.abha_addresses));
    else if (part(c_.emails) >= 0.5)
      say(ColumnKind::email, model::Certainty::strong, of("are mail addresses", c_.emails));
    else if (part(c_.pans) >= 0.5 && (c_.pans >= 3 || hint_ == ColumnKind::pan))
      say(ColumnKind::pan, model::Certainty::strong, of("have the shape of a PAN", c_.pans));
    else if (part(c_.grouped_abha_shapes) >= 0.5)
      say(ColumnKind::abha_number, model::Certainty::strong,
          of("are 14 digits written 2-4-4-4", c_.grouped_abha_shapes));
    else if (part(c_.abha_shapes) >= 0.5 && hint_ == ColumnKind::abha_number)
      say(ColumnKind::abha_number, model::Certainty::strong, of("have 14 digits", c_.abha_shapes));
    else if (part(c_.abha_leading_91) >= 0.8 && part(c_.time_stamps) < 0.1 && c_.present >= 20 && !is_rising())
      say(ColumnKind::abha_number, model::Certainty::weak, of("are 14 digits that begin with 91", c_.abha_leading_91));
    return decided();
  }

  bool by_name() {
    if (hint_ == ColumnKind::hospital_number && part(c_.with_digit) >= 0.8 && part(c_.short_values) >= 0.9) {
      say(ColumnKind::hospital_number, model::Certainty::strong, of("are short and hold digits", c_.with_digit));
      // Few digits, nothing else: a counter of one database, which another one has as well.
      out_.is_counter = part(c_.numbers) >= 0.9 && part(c_.long_numbers) < 0.5;
      return true;
    }
    if (by_date() || by_phone()) return true;
    if (hint_ == ColumnKind::pincode && part(c_.pincodes) >= 0.6)
      say(ColumnKind::pincode, model::Certainty::strong, of("are six digits", c_.pincodes));
    else if (hint_ == ColumnKind::person_name && part(c_.name_shapes) >= 0.6)
      say(ColumnKind::person_name, model::Certainty::strong, of("are words of letters", c_.name_shapes));
    return decided();
  }
  bool by_date() {
    const std::uint64_t dates = std::max(c_.dates, c_.time_stamps);
    if (part(dates) < 0.8) return false;
    if (hint_ == ColumnKind::date_of_birth)
      say(ColumnKind::date_of_birth, model::Certainty::strong, of("are dates", dates));
    else if (hint_ == ColumnKind::other && c_.year_max - c_.year_min >= 70 && c_.year_max <= 2030 && c_.present >= 100)
      say(ColumnKind::date_of_birth, model::Certainty::weak,
          fmt::format("{} of {} values are dates, from {} to {}", dates, c_.present, c_.year_min, c_.year_max));
    return decided();
  }
  bool by_phone() {
    const std::uint64_t phones = c_.mobiles + c_.other_phones;
    const bool is_hinted = hint_ == ColumnKind::phone;
    if (part(c_.time_stamps) >= 0.8) return false;
    if (is_hinted ? part(phones) < 0.4 : (part(c_.mobiles) < 0.9 || c_.present < 20 || is_rising())) return false;
    say(ColumnKind::phone, is_hinted ? model::Certainty::strong : model::Certainty::weak,
        of("have the shape of a telephone number", phones));
    return true;
  }

  [[nodiscard]] bool is_rising() const { return c_.numbers > 10 && share(c_.rising, c_.numbers) > 0.9; }
  [[nodiscard]] std::string of(std::string_view what, std::uint64_t count) const {
    return fmt::format("{} of {} values ({}) {}", count, c_.present, percent(count, c_.present), what);
  }

  const ColumnStatistics& c_;
  ColumnKind hint_;
  ColumnJudgement out_;
};

}  // namespace

std::string_view name_of(ColumnKind kind) { return k_names.at(static_cast<std::size_t>(kind)); }

std::optional<ColumnKind> find_column_kind(std::string_view name) {
  const auto at = std::find(k_names.begin(), k_names.end(), name);
  if (at == k_names.end()) return std::nullopt;
  return static_cast<ColumnKind>(at - k_names.begin());
}

void DistinctEstimate::see(std::uint64_t hash) {
  const std::size_t at = hash & 1023U;
  const auto rank = static_cast<std::uint8_t>(std::countl_zero(hash | 1023U) + 1);
  registers_[at] = std::max(registers_[at], rank);
}

double DistinctEstimate::estimate() const {
  constexpr double k_count = 1024;
  double sum = 0;
  double empty = 0;
  for (const std::uint8_t rank : registers_) {
    sum += std::ldexp(1.0, -rank);
    if (rank == 0) ++empty;
  }
  const double raw = 0.7213 / (1 + 1.079 / k_count) * k_count * k_count / sum;
  return raw <= 2.5 * k_count && empty > 0 ? k_count * std::log(k_count / empty) : raw;
}

void ColumnStatistics::see_number(const ValueShape& shape, std::uint64_t hash) {
  ++numbers;
  if (shape.digit_count >= 9) ++long_numbers;
  const std::string_view digits = shape.digit_text();
  if (shape.digit_count <= 18) {
    std::uint64_t value = 0;
    for (const char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
    if (value >= last_number_ && value - last_number_ <= 1000) ++rising;
    last_number_ = value;
  }
  if (is_aadhaar_shape(shape)) {
    ++aadhaar_shapes;
    if (passes_verhoeff(digits)) {
      ++aadhaar_passes;
      distinct_passes.see(hash);
    }
  } else if (shape.digit_count == 16) {
    ++vid_shapes;
    if (passes_verhoeff(digits)) {
      ++vid_passes;
      distinct_passes.see(hash);
    }
  } else if (shape.digit_count == 14) {
    ++abha_shapes;
    if (is_grouped_abha(shape)) ++grouped_abha_shapes;
    if (digits.starts_with("91")) ++abha_leading_91;
  } else if (shape.digit_count == 6 && digits[0] != '0' && shape.separators <= 1) {
    ++pincodes;
  }
  if (!mobile_digits(shape).empty()) {
    ++mobiles;
  } else if (is_other_phone(shape)) {
    ++other_phones;
  }
  if (is_time_stamp(shape)) ++time_stamps;
}

void ColumnStatistics::see_date(const ValueShape& shape) {
  // Most values with digits are no dates: told by their first characters before anything is parsed.
  const bool is_bare = shape.separators == 0 && shape.letter_count == 0;
  if (shape.text[0] < '0' || shape.text[0] > '9') return;
  if (is_bare ? !is_time_stamp(shape) : shape.separators < 2 && shape.letter_count != 3) return;
  auto date = find_date(shape, DayPlace::first);
  if (is_bare || shape.letter_count > 0 || shape.text.find_first_of("-/. ") == 4) {
    if (date) count_year(date->year);
    return;
  }
  const auto turned = find_date(shape, DayPlace::second);
  if (date && !turned) ++day_first;
  if (!date && turned) ++month_first;
  if (!date) date = turned;
  if (date) count_year(date->year);
}

void ColumnStatistics::count_year(int year) {
  ++dates;
  year_min = year_min == 0 ? year : std::min(year_min, year);
  year_max = std::max(year_max, year);
}

void ColumnStatistics::see(std::string_view value) {
  ++values;
  std::string scratch;
  const ValueShape shape = shape_of(value, scratch);
  if (is_missing(shape)) return;
  ++present;
  // Mixed once more: what the library gives need not be spread over all bits.
  const std::uint64_t hash = std::hash<std::string_view>{}(shape.text) * 0x9E3779B97F4A7C15U;
  distinct.see(hash ^ (hash >> 32U));
  if (value.size() <= 32) ++short_values;
  if (shape.digit_count > 0) ++with_digit;
  if (shape.is_number()) see_number(shape, hash ^ (hash >> 32U));
  if (shape.digit_count >= 3 && shape.digit_count <= 20) see_date(shape);
  if (shape.has_at) {
    if (is_abha_address(shape)) ++abha_addresses;
    if (is_email(shape)) ++emails;
  } else if (shape.digit_count == 4 && is_pan(shape)) {
    ++pans;
  } else if (is_name_shape(shape)) {
    ++name_shapes;
  }
}

ColumnJudgement decide_column(const ColumnStatistics& column, std::string_view name, std::string_view table) {
  return Decision(column, name, table).decide();
}

}  // namespace lastgood::persons
