// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The spans of time that letters ask about, and times as letters show them. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/case_facts.h"
#include "questions/pack.h"

namespace lastgood::questions {

inline constexpr std::int64_t k_day_ns = 86'400LL * 1'000'000'000LL;

/// Where nothing says when it began, so many days before the first encryption are asked about.
inline constexpr std::int64_t k_assumed_days = 14;

/// "the encryption" (a span for each source, where they contradict each other) and "the attack"; empty when no moment
/// is known.
[[nodiscard]] std::vector<Window> attack_windows(const std::vector<facts::MomentFacts>& moments);

/// From an hour before the first observation with a time to an hour after the last; nothing when none has one.
[[nodiscard]] std::optional<Window> observed_window(const facts::AddressFacts& address);

/// "recorded by the program that saw it", "a file's own time, which whoever writes the file can set", ...
[[nodiscard]] std::string_view words_of(model::TimeBasis basis);

/// "5 h 30 min", "2 days": never less than it is.
[[nodiscard]] std::string words_of_gap(std::int64_t gap_ns);

/// Seconds east of UTC of "+05:30"; nothing for anything else.
[[nodiscard]] std::optional<std::int64_t> parse_zone(std::string_view zone);
/// "2022-11-23 01:30:00 UTC" and "2022-11-23 07:00:00 +05:30".
[[nodiscard]] std::string time_in_utc(std::int64_t at_ns);
[[nodiscard]] std::string time_in_zone(std::int64_t at_ns, const CaseFrame& frame);
/// "2022-11-23", in the zone of the case.
[[nodiscard]] std::string day_in_zone(std::int64_t at_ns, const CaseFrame& frame);

}  // namespace lastgood::questions
