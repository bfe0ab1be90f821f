// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The zone that a log without zones is read in: a fixed distance from UTC, or the rules of a place (TZif, RFC 8536).
// Plain value, no I/O: whoever has the file of the zone gives its bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::logs {

class Zone {
 public:
  /// UTC.
  Zone() = default;
  explicit Zone(std::int32_t east_s) : first_east_s_(east_s) {}

  /// Seconds east of UTC when clocks there show `local_s` (seconds since 1970, as if they were UTC). Of a time that
  /// comes twice in autumn the earlier one; of one that is skipped in spring the one before the change.
  [[nodiscard]] std::int32_t east_of_local_s(std::int64_t local_s) const;

 private:
  friend std::optional<Zone> parse_zone_file(base::ByteView bytes);
  struct Change {
    std::int64_t at_s = 0;
    std::int32_t east_s = 0;
  };
  std::int32_t first_east_s_ = 0;
  std::vector<Change> changes_;  // sorted
};

/// "Z", "+05:30", "-0800", "+05".
[[nodiscard]] std::optional<std::int32_t> parse_zone_offset(std::string_view text);

/// What an abbreviation of a zone most likely means.
struct ZoneWord {
  std::int32_t east_s = 0;
  bool is_certain = false;  // IST is India, Israel and Ireland: no abbreviation but UTC and GMT is certain
};
[[nodiscard]] std::optional<ZoneWord> find_zone_word(std::string_view word);

/// A file of the time zone database, version 2 or later. Nothing for a broken one, and for one that leaves the years
/// before 2037 to a rule in its footer.
[[nodiscard]] std::optional<Zone> parse_zone_file(base::ByteView bytes);

}  // namespace lastgood::logs
