// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a column of a table holds, decided by all its values together and by its name. One value of twelve digits passes
// Aadhaar's checksum with a chance of one in ten; of a column of telephone numbers a tenth passes, of a column of
// Aadhaar numbers nearly all do, and with two hundred values nobody can take one for the other.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/verdict.h"
#include "persons/value_shape.h"

namespace lastgood::persons {

enum class ColumnKind : std::uint8_t {
  other,
  aadhaar,
  aadhaar_vid,
  abha_number,
  abha_address,
  pan,
  hospital_number,  // UHID, MRN, CR number: told by its name or by the structure it stands in
  phone,
  email,
  date_of_birth,
  person_name,
  pincode,
};
inline constexpr std::size_t k_column_kinds = 12;
/// "aadhaar", "hospital_number", ...
[[nodiscard]] std::string_view name_of(ColumnKind kind);
/// Nothing: no kind has this name.
[[nodiscard]] std::optional<ColumnKind> find_column_kind(std::string_view name);

/// Roughly how many different values there were (HyperLogLog, 2^10 registers: 3 %; small numbers are nearly exact).
class DistinctEstimate {
 public:
  void see(std::uint64_t hash);
  [[nodiscard]] double estimate() const;

 private:
  std::array<std::uint8_t, 1024> registers_{};
};

/// What one pass over all values of a column leaves: counts, no values.
class ColumnStatistics {
 public:
  void see(std::string_view value);

  std::uint64_t values = 0;   // all
  std::uint64_t present = 0;  // not empty and no stand-in for an empty one
  std::uint64_t aadhaar_shapes = 0;
  std::uint64_t aadhaar_passes = 0;  // of them: Verhoeff
  std::uint64_t vid_shapes = 0;
  std::uint64_t vid_passes = 0;
  std::uint64_t abha_shapes = 0;          // 14 digits
  std::uint64_t grouped_abha_shapes = 0;  // of them: written 2-4-4-4
  std::uint64_t abha_leading_91 = 0;
  std::uint64_t abha_addresses = 0;
  std::uint64_t pans = 0;
  std::uint64_t emails = 0;
  std::uint64_t mobiles = 0;
  std::uint64_t other_phones = 0;
  std::uint64_t time_stamps = 0;
  std::uint64_t dates = 0;
  std::uint64_t day_first = 0;    // dates with a number above 12 in the first place
  std::uint64_t month_first = 0;  // in the second
  std::uint64_t name_shapes = 0;
  std::uint64_t pincodes = 0;  // six digits, the first 1 to 9
  std::uint64_t with_digit = 0;
  std::uint64_t short_values = 0;  // at most 32 bytes
  std::uint64_t rising = 0;        // numbers that are the one before and at most 1000 more
  std::uint64_t numbers = 0;
  std::uint64_t long_numbers = 0;  // of them: nine digits and more
  int year_min = 0;
  int year_max = 0;
  DistinctEstimate distinct;
  DistinctEstimate distinct_passes;  // of aadhaar_passes and vid_passes

 private:
  void see_number(const ValueShape& shape, std::uint64_t hash);
  void see_date(const ValueShape& shape);
  void count_year(int year);
  std::uint64_t last_number_ = 0;
};

struct ColumnJudgement {
  ColumnKind kind = ColumnKind::other;
  model::Certainty certainty = model::Certainty::weak;
  std::vector<std::string> reasons;  // sentences with numbers, never values
  DayPlace day_place = DayPlace::first;
  bool is_counter = false;  // a hospital number that only counts up: means nothing outside its own database
};

/// Pure. `table`: helps for "id" in a table of patients.
[[nodiscard]] ColumnJudgement decide_column(const ColumnStatistics& column, std::string_view name,
                                            std::string_view table);

}  // namespace lastgood::persons
