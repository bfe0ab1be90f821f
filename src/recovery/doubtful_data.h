// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Databases of services that no source has a copy of, and of which the scan could not judge some files: nothing is
// proven to be lost, and nothing may be said to be sound.
#pragma once

#include <functional>
#include <string>

#include "recovery/live_state.h"
#include "recovery/plan_builder.h"
#include "services/services_file.h"

namespace lastgood::recovery {

/// Names each in the plan, as what is to be looked at; one that is regenerable as made again from other data. Goes by
/// the files that are undecided and not planned; `is_wanted`: whether the plan speaks of this path.
void name_doubtful_data(const services::ServicesFile& file, const LiveState& live,
                        const std::function<bool(const std::string& path)>& is_wanted, PlanBuilder& builder);

}  // namespace lastgood::recovery
