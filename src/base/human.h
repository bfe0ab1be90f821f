// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace lastgood::base {

/// "1.3 TB": decimal units, as disks and reports use them.
std::string human_bytes(std::uint64_t bytes);
/// "1 234 567": thin groups of three.
std::string human_count(std::uint64_t count);
/// "2 h 05 min", "3 min 20 s", "4.2 s".
std::string human_seconds(double seconds);
/// RFC 3339 in UTC, to the second; "unknown" for 0.
std::string utc_time(std::int64_t time_ns);

}  // namespace lastgood::base
