// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How much of a name a sheet shows. Pure.
#pragma once

#include <string>
#include <string_view>

namespace lastgood::sheets {

/// Enough to call a person by: the first word, then the first character of each further one: "Ramesh K. S.". Vowel
/// signs and other marks of the scripts of India stay with their character. REQUIRES: clean text.
[[nodiscard]] std::string short_name(std::string_view name);

/// Whether a column is of names, by what it is called: "name", "patient_name", "fathers_name".
[[nodiscard]] bool is_name_column(std::string_view column);

/// Whether a column is of a patient's number, by what it is called: "uhid", "patient_no", "mrn".
[[nodiscard]] bool is_number_column(std::string_view column);

}  // namespace lastgood::sheets
