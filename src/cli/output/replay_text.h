// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a replay came to, for people and as JSON: the same after `replay` and after `restore`.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "recovery/replay_unit.h"

namespace lastgood::cli {

[[nodiscard]] nlohmann::ordered_json replay_json(const recovery::ReplayOutcome& outcome, const std::string& folder);
/// Times as the clocks of `zone` show them.
[[nodiscard]] std::string replay_text(const recovery::ReplayOutcome& outcome, const std::string& folder,
                                      const std::string& zone);

}  // namespace lastgood::cli
