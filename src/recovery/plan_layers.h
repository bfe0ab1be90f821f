// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The snapshots that a plan may draw from, newest first, with what is known of each.
#pragma once

#include <string>
#include <vector>

#include "casefile/case_store.h"
#include "recovery/layered_folder.h"
#include "recovery/plan_recovery.h"

namespace lastgood::recovery {

struct PlanLayers {
  std::vector<Layer> layers;              // newest first
  std::vector<LayerPlace> roots;          // of "/" on the victim
  std::uint32_t last_clean = UINT32_MAX;  // the newest layer without a hit file, all of it judged; UINT32_MAX: none
  std::int64_t attack_began_ns = 0;  // told, else from the scans, or the first struck snapshot before; 0: not known
  std::string attack_basis;          // how that is known, in words
};

[[nodiscard]] base::Result<PlanLayers> find_layers(const PlanPolicy& policy, std::int64_t live_attack_began_ns,
                                                   OpenedSources& sources, casefile::CaseStore& store);

}  // namespace lastgood::recovery
