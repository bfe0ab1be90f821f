// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A unit in which a server works: read file by file while it writes, its files are of many moments. What is needed to
// have it as a crash would leave it, which every engine recovers from.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engines/unit.h"
#include "os/scratch_tree.h"

namespace lastgood::engines {

/// A copy of a PostgreSQL's folder at `data` in a new tree below `parent`, with what its links lead to: first its
/// control file, last its log, and anew where a checkpoint was made meanwhile, so that replaying the log makes all its
/// files of one moment. ErrorCode::busy_retry: there was a checkpoint each time; or it stopped or changed in between.
[[nodiscard]] base::Result<os::ScratchTree> copy_running_cluster(const UnitView& view, const std::string& folder,
                                                                 const std::string& parent);

/// Each file of a unit with its size and its time. Where two listings are the same, and the first was taken when
/// nothing had changed for a tenth of a second, nothing was written between them.
[[nodiscard]] std::vector<std::string> list_with_times(const UnitView& view, const FoundUnit& unit);

}  // namespace lastgood::engines
