// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Data of services, looked at beyond what was planned: what no source has; and of databases what the other sources
// have, and the saved logs that bring each forward once its files are there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/opened_source.h"
#include "recovery/plan.h"
#include "recovery/plan_recovery.h"
#include "services/services_file.h"

namespace lastgood::recovery {

/// How the loss of data begins that a scan saw, and of which nothing stands there any more.
inline constexpr std::string_view k_gone_rule = "unit.gone: ";
/// The same, with the way on.
[[nodiscard]] std::string describe_gone(const std::string& path);

/// Data of services of which nothing is planned become losses: those that no scan saw, as no source has them, and those
/// that do not stand there any more. What is regenerable is none. Names the newest dump that may bring back a database
/// of which no copy can be used. Then fills PlanUnit::other_copies and, for data units of `file` that name their logs,
/// PlanUnit::logs, for which all of the logs is read. Logs that cannot be read are said so in PlanLogs::missing.
/// `policy` is that of the plan; replay ends at its not_after_ns, too. ErrorCode::cancelled: `progress` said so.
[[nodiscard]] base::Status look_at_data(Plan& plan, const services::ServicesFile& file, const PlanPolicy& policy,
                                        OpenedSources& sources, casefile::CaseStore& store, PlanProgress& progress);

/// What the services file says of the database at `path`; null: nothing.
[[nodiscard]] const services::DataUnit* find_data(const services::ServicesFile& file, const std::string& path,
                                                  const std::string& kind);

/// Does it say that data are at the link `link`, which leads to `home`?
[[nodiscard]] bool is_link_of_data(const services::ServicesFile& file, const std::string& link,
                                   const std::string& home);

/// What is given up with a database that is damaged and not encrypted; empty: it is none of these. For people.
[[nodiscard]] std::string describe_exchange(const PlanUnit& unit, std::string_view zone);

/// "logs: 412 files of ... in nas 3fa1c2d0 are replayed: data as of ... at best", and whether the sources agree on the
/// last commit. For people.
[[nodiscard]] std::vector<std::string> sentences_of(const PlanUnit& unit, std::string_view zone);

}  // namespace lastgood::recovery
