// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The last step of a restore: databases whose logs were saved are brought forward by them, each as replay_unit does;
// and what the ledger says of it afterwards.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "ledger/ledger.h"
#include "recovery/case_sources.h"
#include "recovery/plan.h"
#include "recovery/replay_unit.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery {

struct ReplayPlanRequest {
  std::string case_folder;
  std::string target;  // of the restore, absolute: "/", or the folder beside
  std::string plan_sha256;
};

/// One database of the plan that has logs.
struct ReplayedUnit {
  std::string path;    // as in the plan
  std::string folder;  // where it lies now
  std::string logs;    // "412 files of '/srv/wal-archive' in nas 3fa1c2d0"
  /// used: a server has run on it since this restore put it there, and it stays as it is.
  enum class State : std::uint8_t { replayed, known, failed, not_restored, used } state = State::failed;
  ReplayOutcome outcome;  // of `replayed`; of `known` only how the logs ended
  std::string trouble;    // of the others: why; where it failed, the folder is as it was restored
};

/// One after another, in the order of the plan's services. Those that an earlier run brought forward are `known`. What
/// fails is told and stops nothing; what the restore refused is left alone. An Error: the ledger. `progress` may cancel
/// between two databases: the same call goes on.
[[nodiscard]] base::Result<std::vector<ReplayedUnit>> replay_plan(const Plan& plan, const ReplayPlanRequest& request,
                                                                  const RestoreOutcome& restored,
                                                                  casefile::CaseStore& store, PasswordPrompt& prompt,
                                                                  RestoreProgress& progress, ledger::Ledger& ledger);

/// Says in the ledger that a person wanted none of it.
[[nodiscard]] base::Status leave_out_replay(const Plan& plan, const ReplayPlanRequest& request, ledger::Ledger& ledger);

/// A restored folder that a replay exchanged: what the restore had written is kept under another name.
struct MovedUnit {
  std::string folder;
  std::string kept_as;
  std::string logs_end_early;  // of the last replay: as ScratchStart has it, or which later logs it may have lacked
  std::string logs;            // of it: what people call them; empty: it is not known
};
/// Since the plan was last begun to be restored to `target`: of each folder the first replay, by the ledger.
[[nodiscard]] base::Result<std::vector<MovedUnit>> find_replayed(const ReplayPlanRequest& request);

}  // namespace lastgood::recovery
