// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Saved binary logs as a replay takes them: from where the copy stands, each held against the one before it, to the
// first place where it cannot go on. Private to engines/mariadb/.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "engines/mariadb/binlog_history.h"
#include "engines/mariadb/binlog_position.h"
#include "engines/unit.h"

namespace lastgood::engines::mariadb {

/// The copy, and where in the logs it stands.
struct CopyPlace {
  const UnitView& view;
  const std::string& folder;
  BinlogPosition position;
};

struct FollowedLogs {
  std::vector<std::string> names;  // in order, from the position's on
  std::uint64_t bytes = 0;         // as they are saved
  std::int64_t last_commit_ns = 0;
  std::int64_t latest_s = 0;
  ClockFall clock_fall;               // the last one, also between two logs
  std::vector<std::string> left_out;  // which log, and why
  std::string ends_early;             // which log is broken or missing, and what is lost by that; empty: they end there
};

struct BinlogFollow {
  std::optional<std::int64_t> until_ns = {};  // logs that begin later are not looked at
  std::function<bool()> is_cancelled = {};    // asked between two of them; empty: nobody cancels
  /// Gets each log that fits, unpacked, under its name without packing; empty: nobody wants them.
  std::function<base::Status(const std::string& name, base::ByteSource& bytes)> take = {};
};

/// An Error: they are not of this copy, `take` failed, ErrorCode::cancelled, no_space or busy_retry.
[[nodiscard]] base::Result<FollowedLogs> follow_binlogs(const CopyPlace& copy, const UnitView& logs,
                                                        const std::string& spill_folder, const BinlogFollow& how);

/// A log that may have what the copy lacks, or is of another server; nothing: they are all of before the copy.
[[nodiscard]] base::Result<std::optional<std::string>> find_not_older(const UnitView& logs,
                                                                      const BinlogPosition& position);

}  // namespace lastgood::engines::mariadb
