// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Saved logs that the attack left on the server itself: they may reach further than what the backups have of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/result.h"
#include "casefile/case_store.h"
#include "ledger/ledger.h"
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

/// Where the own logs of struck databases lie once a restore is done, by PlanUnit::path: in the folder that was put
/// aside, or, of a restore beside, where they were; a link in place of one is followed. Of those with
/// PlanUnit::own_log_ns whose log was not moved or removed since.
using OwnLogs = std::map<std::string, std::string>;
/// Of a restore in place they are in the ledger then, for whoever starts the service later. None where `outcome` is not
/// finished. An Error: of the ledger.
[[nodiscard]] base::Result<OwnLogs> note_own_logs(const Plan& plan, const RestoreRequest& done,
                                                  const RestoreOutcome& outcome, ledger::Ledger& ledger);
struct OwnLog {
  std::string folder;           // where it lies
  std::int64_t until_ns = 0;    // when its newest segment was changed
  std::string logs_in_backups;  // the saved ones that it goes on behind; empty: none
};
/// What note_own_logs wrote last of the database at `folder`, unless it was replayed since or lies there no more.
[[nodiscard]] base::Result<std::optional<OwnLog>> find_own_log_left(const std::string& case_folder,
                                                                    const std::string& folder);

}  // namespace lastgood::recovery
