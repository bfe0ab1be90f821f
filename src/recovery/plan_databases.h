// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Databases of a plan, looked at beyond the chosen copy: what the other sources have of each, and the saved logs that
// bring it forward once its files are there.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/opened_source.h"
#include "recovery/plan.h"
#include "services/services_file.h"

namespace lastgood::recovery {

/// Fills PlanUnit::other_copies and, for data units of `file` that name their logs, PlanUnit::logs. Logs that cannot be
/// read are said so in PlanLogs::missing. `not_after_ns` as in PlanPolicy: snapshots later than this are not used, and
/// replay ends there, too.
[[nodiscard]] base::Status add_databases(Plan& plan, const services::ServicesFile& file, OpenedSources& sources,
                                         casefile::CaseStore& store, std::int64_t not_after_ns);

/// "logs: 412 files of ... in nas 3fa1c2d0 are replayed: data as of ... at best", and whether the sources agree on the
/// last commit. For people.
[[nodiscard]] std::vector<std::string> sentences_of(const PlanUnit& unit);

}  // namespace lastgood::recovery
