// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Words for when a service was up and down, never more exact than what was seen. Private to report/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "report/case_report.h"

namespace lastgood::report {

[[nodiscard]] double seconds_between(std::int64_t from_ns, std::int64_t to_ns);

/// "up since", or what is known where nobody saw it come up.
[[nodiscard]] std::string_view up_words(const ServiceShare& service);

/// Whether the newest line of its history saw it up.
[[nodiscard]] bool was_last_well(const ServiceShare& service);

/// "2 encrypted files of its data stand there, as the newest scan saw": it is not whole. Empty: none does.
[[nodiscard]] std::string struck_words(const ServiceShare& service);

/// That what it waits for is not up. REQUIRES: `waits_for` is not empty.
[[nodiscard]] std::string waiting_words(const ServiceShare& service);

/// "up", "degraded", "down", ...
[[nodiscard]] std::string_view state_of(const ServiceShare& service);

/// How long it was down by the attack, against what is allowed.
[[nodiscard]] std::string achieved_time(const ServiceShare& service, std::int64_t now_ns);

/// "stopped again at 2022-.., seen up again at 2022-..", "seen down again at 2022-.., and not seen up since": a look
/// finds what may have been so for long; a stop and a start are of their own moment.
[[nodiscard]] std::string words_of(const facts::CaseFacts& facts, const Outage& outage);

/// What came after it was back: not counted as time that the attack cost. The last ones, where there are many.
[[nodiscard]] std::vector<std::string> later_words(const facts::CaseFacts& facts, const ServiceShare& service);

}  // namespace lastgood::report
