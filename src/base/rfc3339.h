// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Points in time as text: RFC 3339 in UTC with nine digits, "2022-11-23T07:07:00.000000000Z". Always 30 bytes, so that
// texts sort as the times do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::base {

/// `time_ns` since 1970, UTC.
std::string format_rfc3339(std::int64_t time_ns);

/// True for exactly the shape above and a day that the calendar has. No leap seconds: no clock of ours shows them.
bool is_rfc3339(std::string_view text);

/// RFC 3339 with any number of fraction digits and any zone, as nanoseconds since 1970, UTC. Times that 64 bits cannot
/// hold (before 1677, after 2262) come out as the first or last one that they can.
[[nodiscard]] std::optional<std::int64_t> parse_rfc3339(std::string_view text);

}  // namespace lastgood::base
