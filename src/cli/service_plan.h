// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The plan of one service and of all it waits for, made and kept in the case: for `restore --service`.
#pragma once

#include <string>
#include <variant>

#include "cli/open_session.h"

namespace lastgood::cli {

/// Where the plan is: CASE/services/plans/NAME.json, with its table beside. The one that is there is used again as long
/// as the ledger has a restore by it that was begun and not finished; otherwise a new one is made.
[[nodiscard]] std::variant<std::string, Failure> make_service_plan(const std::string& service, Context& context,
                                                                   Session& session);

}  // namespace lastgood::cli
