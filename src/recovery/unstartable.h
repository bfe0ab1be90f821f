// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Databases that a restore brought and that no server starts on yet.
#pragma once

#include <string>
#include <vector>

#include "recovery/plan.h"
#include "recovery/replay_plan.h"

namespace lastgood::recovery {

/// Its replay was left out, or did not succeed.
struct Unstartable {
  std::string folder;
  enum class Why : std::uint8_t { log, tablespaces } why = Why::log;
};

/// `replayed`: what replay_plan said of this restore.
[[nodiscard]] std::vector<Unstartable> find_unstartable(const Plan& plan, const std::vector<ReplayedUnit>& replayed,
                                                        const RestoreOutcome& restored);

}  // namespace lastgood::recovery
