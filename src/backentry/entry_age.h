// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The age that stands on paper against a date of birth of a database.
#pragma once

#include <optional>
#include <string_view>

#include "backentry/entry.h"

namespace lastgood::backentry {

struct Age {
  double years = 0;       // "3 months": 0.25
  double unit_years = 1;  // who is "3 months" old is nearly so for one month
};

/// "45", "45 y", "3 months", "1 year 2 months", "newborn". Nothing: no age that can be read.
[[nodiscard]] std::optional<Age> read_age(std::string_view age);

/// How many years lie between the age of the entry, on the day of the paper (else the day when it was typed), and a
/// person born then ("2023-07-26", with whatever behind it, or "2023"); 0 within the unit of the age. Nothing: one of
/// them is not known.
[[nodiscard]] std::optional<double> years_apart(const Entry& entry, std::string_view birth_date);

/// The same of two entries' ages as they were written, a few days apart or none.
[[nodiscard]] std::optional<double> years_apart(const Entry& a, const Entry& b);

/// From here on two ages are told apart: people say theirs roughly, and papers are misread.
inline constexpr double k_other_age_years = 5;

}  // namespace lastgood::backentry
