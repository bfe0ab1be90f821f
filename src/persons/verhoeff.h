// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The Verhoeff check digit (J. Verhoeff, 1969), as in Aadhaar numbers and virtual IDs. One number of ten passes by
// chance, so a single value proves nothing: see column_recognition.h.
#pragma once

#include <string_view>

namespace lastgood::persons {

/// `digits`: '0' to '9' only, the check digit last. Empty: false.
[[nodiscard]] bool passes_verhoeff(std::string_view digits);
/// The digit that makes `digits` pass when put behind it.
[[nodiscard]] char verhoeff_digit(std::string_view digits);

}  // namespace lastgood::persons
