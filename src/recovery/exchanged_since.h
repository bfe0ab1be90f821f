// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a scan saw struck and restores of this case have exchanged since: until somebody scans again, the scan alone
// would have it struck for ever, and a plan would bring back once more what works again.
#pragma once

#include <string>

#include "base/result.h"
#include "recovery/live_state.h"

namespace lastgood::recovery {

/// Takes such files out of `live.hit`; those that stand there again are left alone. A file counts as exchanged where a
/// restore in place that was begun after its scan went to its end, it does not stand there as the scan saw it, and its
/// own name has a file again or lies in a database that the restore brought back.
[[nodiscard]] base::Status leave_exchanged(LiveState& live, const std::string& case_folder);

}  // namespace lastgood::recovery
