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

/// Files that are not there are left out: comparing says so. Nothing is changed, not even access times.
[[nodiscard]] base::Result<RestoredJudgement> judge_restored(const Plan& plan, const std::string& target,
                                                             VerifyProgress& progress);

}  // namespace lastgood::recovery
