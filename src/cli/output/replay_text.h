// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a replay came to, for people and as JSON: the same after `replay` and after `restore`.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "recovery/plan.h"
#include "recovery/replay_unit.h"
#include "recovery/unstartable.h"

namespace lastgood::cli {

[[nodiscard]] nlohmann::ordered_json replay_json(const recovery::ReplayOutcome& outcome, const std::string& folder);
/// Times as the clocks of `zone` show them.
[[nodiscard]] std::string replay_text(const recovery::ReplayOutcome& outcome, const std::string& folder,
                                      const std::string& zone);

/// Why no server starts on a restored database yet, and the command that puts it right.
[[nodiscard]] std::string unstartable_text(const recovery::Unstartable& database, const std::string& case_folder);

/// Of a restore that is done: the logs on the server itself that may go on behind those that were replayed, and the
/// command for each; empty: none are known. `target` is where it was restored to, "/" in place.
[[nodiscard]] std::string logs_on_server_text(const recovery::Plan& plan, const std::string& target,
                                              const std::string& case_folder, const std::string& zone);

}  // namespace lastgood::cli
