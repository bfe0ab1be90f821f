// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The journal that belongs to one plan and one target.
#pragma once

#include <memory>
#include <string>

#include "recovery/restore/journal.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery::restore {

[[nodiscard]] std::string plan_journal_path(const RestoreRequest& request, const os::RestoreTarget& target);

/// As Journal::open: begun when there is none.
[[nodiscard]] base::Result<std::unique_ptr<Journal>> open_plan_journal(const Plan& plan, const RestoreRequest& request,
                                                                       const os::RestoreTarget& target);

}  // namespace lastgood::recovery::restore
