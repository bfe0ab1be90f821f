// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Lines of `NAME VALUE` in a fixed order: the form of heads and proofs. Each `take_` takes the next line off `text`, or
// leaves it and gives nothing when another line comes. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/checksum.h"

namespace lastgood::ledger {

[[nodiscard]] std::optional<std::string_view> take_line(std::string_view& text, std::string_view name);
/// No sign, no leading zero, at most 16 digits.
[[nodiscard]] std::optional<std::uint64_t> take_number(std::string_view& text, std::string_view name);
[[nodiscard]] std::optional<base::Sha256Digest> take_digest(std::string_view& text, std::string_view name);
/// 32 lower-case hex digits.
[[nodiscard]] bool is_case_id(std::string_view text);

}  // namespace lastgood::ledger
