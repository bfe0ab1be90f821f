// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is left to do of a restore in place when everything is back, and holds up nobody: the digests of the database
// folders that it put aside.
#pragma once

#include <string>

#include "cli/command.h"
#include "recovery/restore_plan.h"

namespace lastgood::cli {

/// Prints how far it is, and what came of it. `again`: the command that takes what is missing when somebody stops it.
/// REQUIRES: this process has the case open no more; it is opened for each folder's entry in the ledger, and waited for
/// while somebody else writes to it.
[[nodiscard]] Outcome take_kept_digests(const recovery::Plan& plan, const recovery::RestoreRequest& request,
                                        const std::string& again, Context& context);

}  // namespace lastgood::cli
