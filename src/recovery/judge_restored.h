// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The restored files and units, judged again where they lie now.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/backup_record.h"
#include "model/file_record.h"
#include "recovery/plan.h"
#include "recovery/verify_restored.h"

namespace lastgood::recovery {

struct RestoredJudgement {
  std::uint64_t files = 0;
  std::vector<model::FileRecord> bad;  // neither intact nor protected, and not so in the plan either; at most 10,000
  std::vector<model::JudgedUnit> units;
};

struct JudgeRestoredRequest {
  std::string target;
  /// Databases are started on copies made below this folder; empty: they are checked by their files only.
  std::string scratch_folder;
};

/// Files that are not there are left out: comparing says so. Nothing is changed, not even access times.
[[nodiscard]] base::Result<RestoredJudgement> judge_restored(const Plan& plan, const JudgeRestoredRequest& request,
                                                             VerifyProgress& progress);

}  // namespace lastgood::recovery
