// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The point in time that people and tools write into names of snapshots and archives: "2022-11-22", "20221122-0300",
// "@GMT-2022.11.22-03.00.00", "hims_2022-11-22T03:00:00+05:30.tar.gz". Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lastgood::sources {

enum class NameZone : std::uint8_t {
  said,     // the name says which zone, or the shape is defined to be UTC (@GMT)
  assumed,  // it does not; taken for UTC, so up to 14 hours wrong
};

struct NameTime {
  std::int64_t time_ns = 0;  // since 1970, UTC; of a date alone, its beginning
  NameZone zone = NameZone::assumed;
  std::size_t from = 0;  // where in the name it stands: [from, to)
  std::size_t to = 0;
};

/// The first date of 1980 to 2099 in `name`, with the time of day where one follows. Days that no calendar has are
/// none.
[[nodiscard]] std::optional<NameTime> find_time_in_name(std::string_view name);

}  // namespace lastgood::sources
