// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What carrying out a plan needs of the case: the plan's sources, opened as they were when it was made, and the damaged
// files as the scan saw them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/case_sources.h"
#include "recovery/opened_source.h"
#include "recovery/plan.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery {

struct PlanSources {
  OpenedSources sources;                   // as many as Plan::sources, in their order
  std::vector<sources::Source*> by_index;  // of Plan::sources
  std::vector<std::string> folders;        // where they lie on this machine
};

/// ErrorCode::not_found when the case does not know a source of the plan, misuse when it has another address now.
[[nodiscard]] base::Result<PlanSources> open_plan_sources(const Plan& plan, casefile::CaseStore& store,
                                                          PasswordPrompt& prompt);

/// Asks the newest live scan that recorded the path.
class CaseSeenFiles final : public SeenFiles {
 public:
  [[nodiscard]] static base::Result<CaseSeenFiles> open(casefile::CaseStore& store);
  [[nodiscard]] std::optional<SeenFile> find_seen(const std::string& path) const override;
  [[nodiscard]] std::map<std::string, SeenFile> find_struck_below(const std::string& folder) const override;

 private:
  explicit CaseSeenFiles(casefile::CaseStore& store) : store_(&store) {}

  casefile::CaseStore* store_;
  std::vector<model::Scan> live_scans_;  // in the order they began
};

}  // namespace lastgood::recovery
