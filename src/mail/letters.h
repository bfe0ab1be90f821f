// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ASCII text of mail headers: no locale, bytes above 127 are letters of nothing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/letters.h"

namespace lastgood::mail {

using base::is_digit;
using base::is_letter;
using base::lower;

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
/// Also the bytes that line ends consist of.
constexpr bool is_space(char c) { return is_blank(c) || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

std::string_view trim(std::string_view text);
/// The same but for ASCII case.
bool same_word(std::string_view a, std::string_view b);
bool begins_with_word(std::string_view text, std::string_view beginning);
bool ends_with_word(std::string_view text, std::string_view end);
/// Offset of `needle` in any case at or after `from`; npos when it is not there.
std::size_t find_word(std::string_view text, std::string_view needle, std::size_t from = 0);

/// Decimal digits only, at most `max`; nothing for anything else.
std::optional<std::size_t> parse_decimal(std::string_view text, std::size_t max);

}  // namespace lastgood::mail
