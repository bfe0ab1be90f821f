// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the name of a column promises. A hint, never a proof: columns called "phone" hold what people typed.
#pragma once

#include <string>
#include <string_view>

#include "persons/column_recognition.h"

namespace lastgood::persons {

/// ColumnKind::other: it promises nothing that is known here.
[[nodiscard]] ColumnKind hinted_kind(std::string_view column, std::string_view table);
/// The column belongs to somebody else than the row's person: father, guardian, doctor, ...
[[nodiscard]] bool names_somebody_else(std::string_view column);
/// Of a column of names: says that they are a person's ("patient_name", "name" in a table of patients), not just a name
/// of anything.
[[nodiscard]] bool names_a_person(std::string_view column, std::string_view table);
/// Lower case, words parted by '_': "PatientName" and "PATIENT NAME" are "patient_name".
[[nodiscard]] std::string folded_name(std::string_view name);

}  // namespace lastgood::persons
