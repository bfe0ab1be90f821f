// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sources that could not be opened and may have saved logs, and those that no longer have the last ones that judging
// saw in them: a database without them is older than it need be.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/opened_source.h"
#include "recovery/saved_logs.h"

namespace lastgood::recovery {

/// What OpenedSources::failures say of those sources in which judging saw log files that lay at `path` on the victim,
/// or whose files it has not all looked at: "source 'usb' (folder:/mnt/usb) is empty; ... (is it mounted? ...)"; that a
/// source holds no snapshot at all; and that it no longer has the last log file which judging saw there, or a shorter
/// one, and no other source has it: mostly another, older disk under the same name; and that the newest snapshot of a
/// source has later ones only struck (log_names.h). Empty: none. For people.
/// `places`: find_log_places of `path` at any time. `as_of_ns`: the moment as of which the sources were opened; 0: as
/// they are now.
[[nodiscard]] base::Result<std::string> describe_unread_logs(casefile::CaseStore& store, const OpenedSources& sources,
                                                             const std::string& path,
                                                             const std::vector<LogPlace>& places,
                                                             std::int64_t as_of_ns);

}  // namespace lastgood::recovery
