// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A copy's log followed record by record, to the first place where it cannot be read further: the engine would stop
// there, too, and says nothing of what lies behind. Private to engines/postgresql/.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "engines/postgresql/copy_stand.h"
#include "engines/postgresql/log_segments.h"
#include "engines/postgresql/wal_reader.h"

namespace lastgood::engines::postgresql {

struct FollowedLog {
  WalSurvey survey;
  std::uint64_t files = 0;  // of the archive, from the copy's first to that in which it stopped
  std::uint64_t bytes = 0;  // of those that were opened, unpacked
  /// "log ... is broken at ...; what was committed behind that place and in 2 later log files is not there". Empty: the
  /// archive ends there, also within a segment: the server had not archived more.
  std::string ends_early;
};

/// `from`: a record of `stand`'s log begins there. It stops where `is_cancelled` says so; empty: nobody does.
[[nodiscard]] FollowedLog follow_log(const CopyStand& stand, const LogSegments& segments, const UnitView& archive,
                                     Lsn from, const std::function<bool()>& is_cancelled = {});

}  // namespace lastgood::engines::postgresql
