// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Times as people read them who look at a clock on a wall. A zone is what a case says of itself: "+05:30"; empty, or
// anything else than that form, is UTC. Fields for machines stay in UTC: base/rfc3339.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lastgood::base {

/// "2022-11-23 07:07:00 +05:30", to the second; "2022-11-23 01:37:00 UTC" without a zone; "unknown" for 0.
[[nodiscard]] std::string time_in_zone(std::int64_t time_ns, std::string_view zone);

/// "UTC+05:30"; "UTC" without a zone.
[[nodiscard]] std::string zone_name(std::string_view zone);

/// For letters to people in other zones: "2022-11-23 07:07:00 +05:30 (2022-11-23T01:37:00Z)"; without a zone once.
[[nodiscard]] std::string time_in_zone_and_utc(std::int64_t time_ns, std::string_view zone);

}  // namespace lastgood::base
