// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Saved logs that the attack left on the server itself: they may reach further than what the backups have of them.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/plan.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery {

/// When the newest of the log files in `folder` was changed last, of those that the newest scan of the place calls
/// intact; where no scan has looked, of those that stand there, by their names. 0: there is none.
[[nodiscard]] base::Result<std::int64_t> find_newest_log_on_server(casefile::CaseStore& store,
                                                                   const std::string& folder);

/// As of when the last replay of the case made the database at `folder`, by its ledger; 0: none did, or nobody knows.
[[nodiscard]] base::Result<std::int64_t> replayed_until(const std::string& case_folder, const std::string& folder);

/// Whether the case's ledger knows a replay of `logs`, a folder of this machine, into the database at `folder`, done
/// since the last restore in place was begun: then what these logs hold is in it.
[[nodiscard]] base::Result<bool> is_replayed_from(const std::string& case_folder, const std::string& folder,
                                                  const std::string& logs);

/// Where the own logs of struck databases lie once the restore of `plan` is done, by PlanUnit::path: in the folder that
/// was put aside, or, of a restore beside, where they were. Of those with PlanUnit::own_log_ns whose log lies in their
/// folder and was not moved or removed since.
[[nodiscard]] std::map<std::string, std::string> find_own_logs(const Plan& plan, const RestoreRequest& done);

}  // namespace lastgood::recovery
