// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Decimal digits of other scripts than ours in UTF-8: those of India, Arabic and Persian ones, full-width ones. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lastgood::base {

struct ForeignDigit {
  char digit = 0;         // '0' to '9'
  std::size_t bytes = 0;  // that it takes; 0: none stands there
};
/// The digit that `text` begins with.
[[nodiscard]] ForeignDigit find_foreign_digit(std::string_view text);

/// `text` with ASCII digits in their place: "\u0967\u0968" is "12". `text` itself where it has none, else a view into
/// `scratch`.
[[nodiscard]] std::string_view with_ascii_digits(std::string_view text, std::string& scratch);

}  // namespace lastgood::base
