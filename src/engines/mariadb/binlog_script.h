// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What mariadb-binlog writes of binary logs: statements, each below a comment that says where it comes from.
//
//   # at 364
//   #221123  7:42:12 server id 1  end_log_pos 449 CRC32 0x9dadfff6 	Query	...      Start: binlog v 4 in a log's
//   first
//
// Pure. Private to engines/mariadb/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace lastgood::engines::mariadb {

/// The time in such a comment, whose clock was UTC; 0: it is none.
[[nodiscard]] std::int64_t parse_event_time(std::string_view line);

/// "the event at 364 of 'bin.000002', of 2022-11-23T07:42:12Z" by "ERROR 1050 (42S01) at line 33: ..." that mariadb
/// said; `names` are the logs in their order. Empty: it did not say a line.
[[nodiscard]] base::Result<std::string> find_refused_event(base::ByteSource& script, std::string_view words,
                                                           const std::vector<std::string>& names);

}  // namespace lastgood::engines::mariadb
