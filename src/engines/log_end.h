// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How far saved logs would bring a copy of a database, read from the logs themselves and replaying nothing: what a plan
// says before anything is done.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::engines {

/// LogEnd::missing where nobody can tell from the copy and these logs where in them it stands.
inline constexpr std::string_view k_place_unknown = "the copy says only once it is started where in its log it stands";

struct LogEnd {
  std::uint64_t files = 0;  // that follow each other from where the copy stands
  std::uint64_t bytes = 0;
  std::int64_t last_commit_ns = 0;  // UTC; 0: the logs do not say, or do not reach the copy
  std::string missing;              // why not further, or why nothing: "000000010000000000000007 is not among them"
  /// Commits are lost by that: one of the logs is broken, cut or missing, or none of them is the copy's. False: the
  /// archive ends there, or not everything was read.
  bool ends_early = false;
};

enum class LogDepth : std::uint8_t {
  names,      // and what stands in the last logs: one that is broken inside ends a replay earlier
  everything  // as a replay reads them, to the first place where it cannot go on
};

struct LogReading {
  LogDepth depth = LogDepth::names;
  std::optional<std::int64_t> until_ns = {};  // where a replay would end, by the time of a commit
  std::function<bool()> is_cancelled = {};    // asked between logs where everything is read; empty: nobody cancels
};

/// `logs` is rooted at their folder; `copy` and `unit` are what they would bring forward: PostgreSQL or MariaDB. An
/// Error: the folder of the logs cannot be listed, or ErrorCode::cancelled.
/// Packed logs are unpacked, one at a time, to a file without a name on the file system of `spill_folder`.
[[nodiscard]] base::Result<LogEnd> find_log_end(const UnitView& logs, const UnitView& copy, const FoundUnit& unit,
                                                const std::string& spill_folder, const LogReading& reading = {});

/// `what` is broken or missing: "; what was committed in it and in 3 later log files is not there" behind it.
/// `where`: "in it", "behind that place".
[[nodiscard]] std::string with_lost_commits(const std::string& what, std::string_view where, std::size_t later_files);

/// Of a copy that was judged to need its log: why these logs do not bring it to the end of its backup, from which on it
/// is of one moment; empty: they do, each record of them read. Errors and unpacking as above.
[[nodiscard]] base::Result<std::string> find_shortfall(const UnitView& logs, const UnitView& copy,
                                                       const FoundUnit& unit, const std::string& spill_folder);

}  // namespace lastgood::engines
