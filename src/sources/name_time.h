// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The point in time that people and tools write into names of snapshots and archives: "2022-11-22", "20221122-0300",
// "@GMT-2022.11.22-03.00.00", "hims_2022-11-22T03:00:00+05:30.tar.gz". Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/snapshot.h"

namespace lastgood::sources {

enum class NameZone : std::uint8_t {
  said,     // the name says which zone, or the shape is defined to be UTC (@GMT)
  given,    // it does not, but a person has said in which zone such names are
  assumed,  // nobody has; taken for UTC, so up to 14 hours wrong
};

struct NameTime {
  std::int64_t time_ns = 0;  // since 1970, UTC; of a date alone, its beginning
  NameZone zone = NameZone::assumed;
  bool has_clock = false;  // false: it says a day
  std::size_t from = 0;    // where in the name it stands: [from, to)
  std::size_t to = 0;
};

/// The first date of 1980 to 2099 in `name`, with the time of day where one follows. Days that no calendar has are
/// none. `names_in` is the zone of names that say none, as "+05:30"; empty, or anything else: nobody has said it.
[[nodiscard]] std::optional<NameTime> find_time_in_name(std::string_view name, std::string_view names_in = {});

/// Dates `snapshot` by the time in `name` and says so in a finding, `rule` of which ends in ".time.name". False: no
/// time is in the name.
bool date_by_name(model::Snapshot& snapshot, std::string_view name, std::string_view names_in, std::string rule);

/// A span of time: [from, to).
struct OpenDay {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
};
/// The day that a snapshot was made on which date_by_name has dated by a day alone; nothing: its name says more.
[[nodiscard]] std::optional<OpenDay> find_open_day(const model::Snapshot& snapshot, std::string_view names_in);

/// The snapshot holds a file that was changed at `file_ns`, so it is not older than that: within its open day, and
/// later than what is known, that is its time, and its finding says so. False: its time stays.
bool narrow_day(model::Snapshot& snapshot, std::int64_t file_ns, std::string_view names_in);

/// Of a snapshot that date_by_name has dated: reads the name once more, which is the last part of its id that says a
/// time. What narrow_day found stays where the day has it. True: its time, or what is said of it, is another one now.
bool read_name_anew(model::Snapshot& snapshot, std::string_view names_in);

/// How much later than its time the snapshot may be, by what the name that dated it leaves open: the hour, the zone.
[[nodiscard]] std::int64_t name_doubt_ns(const model::Snapshot& snapshot, std::string_view names_in);

/// When it was made at the latest: what its name leaves open is over by then. An archive's own file is older than that,
/// or as old.
[[nodiscard]] std::int64_t latest_ns(const model::Snapshot& snapshot, std::string_view names_in);

/// It was dated by its name, which says no zone, and `names_in` is none: nobody has said it.
[[nodiscard]] bool is_zone_assumed(const model::Snapshot& snapshot, std::string_view names_in);

}  // namespace lastgood::sources
