// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What must hold before a restore writes its first byte.
#pragma once

#include <span>
#include <string>

#include "recovery/restore/restore_run.h"

namespace lastgood::recovery::restore {

/// ErrorCode::misuse for a request that makes no sense.
[[nodiscard]] base::Status check_request(const Plan& plan, std::span<sources::Source* const> sources,
                                         const RestoreRequest& request);

/// Beside: makes the target's last folder when it is not there.
[[nodiscard]] base::Result<os::RestoreTarget> open_target(const RestoreRequest& request);

/// Beside: neither inside the other. In place: no item may be restored into a source.
[[nodiscard]] base::Status check_apart_from_sources(const Plan& plan, const RestoreRequest& request,
                                                    const os::RestoreTarget& target);

/// Beside: an empty target, or one in which the journal at `journal_path` was begun.
[[nodiscard]] base::Status check_empty_or_ours(const RestoreRequest& request, const os::RestoreTarget& target,
                                               const std::string& journal_path);

/// Beside: ErrorCode::misuse where the journal knows of files that were restored and the target is empty: its disk is
/// not mounted, or somebody emptied it. Going on would leave out what was "done before".
[[nodiscard]] base::Status check_not_emptied(const RestoreRequest& request, const os::RestoreTarget& target,
                                             const Journal& journal);

/// ErrorCode::no_space, with the numbers, when what is left to restore cannot fit.
[[nodiscard]] base::Status check_space(RestoreRun& run);

}  // namespace lastgood::recovery::restore
