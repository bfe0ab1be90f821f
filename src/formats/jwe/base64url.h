// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Base64 for URLs without padding (RFC 4648 section 5, RFC 7515 section 2), as far as a header needs it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lastgood::formats {

bool is_base64url_letter(char letter);

/// Nothing when a letter does not belong or the last group has but one.
std::optional<std::string> parse_base64url(std::string_view letters);

}  // namespace lastgood::formats
