// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What one value of a column looks like. Pure; a shape is a possibility, the column decides.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::persons {

/// Longer values are free text: only their beginning is looked at.
inline constexpr std::size_t k_value_bytes_max = 256;
inline constexpr std::size_t k_digits_max = 24;

/// Characters of a value by what they are, in one pass.
struct ValueShape {
  std::string_view text;                    // without spaces and quotes around it
  std::array<char, k_digits_max> digits{};  // all of them in order, as far as there is room
  std::uint16_t digit_count = 0;
  std::uint16_t letter_count = 0;  // ASCII letters and all bytes above 127
  std::uint16_t separators = 0;    // spaces, '-', '.', '/', ':'
  std::uint16_t others = 0;
  bool has_at = false;
  bool is_ascii = true;

  [[nodiscard]] std::string_view digit_text() const {
    return {digits.data(), digit_count < k_digits_max ? digit_count : k_digits_max};
  }
  /// Digits, with or without separators, nothing else; a leading '+' is allowed.
  [[nodiscard]] bool is_number() const { return digit_count > 0 && letter_count == 0 && others == 0; }
};

[[nodiscard]] ValueShape shape_of(std::string_view value);
/// The same with digits of other scripts as ours; the shape's text may then lie in `scratch`.
[[nodiscard]] ValueShape shape_of(std::string_view value, std::string& scratch);

/// Empty, "NULL", "-", "N/A", "unknown", "0000000000": a stand-in for no value.
[[nodiscard]] bool is_missing(const ValueShape& shape);

struct Date {
  int year = 0;
  int month = 0;
  int day = 0;
};
/// Which of two small numbers is the day; told by the column.
enum class DayPlace : std::uint8_t { first, second };
/// ISO, 8 digits, DD/MM/YYYY, DD-Mon-YYYY, the last two also with a year of two digits, with or without a time behind
/// it. Nothing when it is no day of the calendar.
[[nodiscard]] std::optional<Date> find_date(const ValueShape& shape, DayPlace day_place);

/// 8, 12 or 14 digits that read as YYYYMMDD, hhmm, ss between 1900 and 2099.
[[nodiscard]] bool is_time_stamp(const ValueShape& shape);
/// The ten digits of an Indian mobile number, with or without 91, +91 or 0 before them; empty: none.
[[nodiscard]] std::string_view mobile_digits(const ValueShape& shape);
/// '+' and 8 to 15 digits, or a landline with its 0 and area code.
[[nodiscard]] bool is_other_phone(const ValueShape& shape);
[[nodiscard]] bool is_email(const ValueShape& shape);
/// "name@abdm", "name@sbx".
[[nodiscard]] bool is_abha_address(const ValueShape& shape);
/// Five letters with the holder's kind as the fourth, four digits, a letter.
[[nodiscard]] bool is_pan(const ValueShape& shape);
/// 2-4-4-4 digits with hyphens or spaces.
[[nodiscard]] bool is_grouped_abha(const ValueShape& shape);
/// Twelve digits, the first 2 to 9, bare or in groups of four.
[[nodiscard]] bool is_aadhaar_shape(const ValueShape& shape);
/// One to six words of letters.
[[nodiscard]] bool is_name_shape(const ValueShape& shape);

/// The value with all but its last characters hidden: four of an identifier, two of something short, none of what is
/// shorter than five, of names and of dates.
[[nodiscard]] std::string masked(std::string_view value);

}  // namespace lastgood::persons
