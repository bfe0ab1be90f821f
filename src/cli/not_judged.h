// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Files of the backups that nobody has judged yet: judging was interrupted, or was asked for databases alone.
#pragma once

#include <string>

#include "cli/open_session.h"
#include "recovery/plan.h"

namespace lastgood::cli {

/// "not all is judged: 3 200 files of a snapshot in 'nas' without a verdict. ...", the most of any snapshot of each
/// source, and the command that goes on; empty: all have one, or the case cannot say it.
[[nodiscard]] std::string describe_not_judged(const Session& session);

/// Of files that a plan calls lost because no version of them was judged, and the command that changes that; empty: it
/// has none.
[[nodiscard]] std::string lost_unjudged_text(const recovery::Plan& plan, const std::string& case_folder);

/// describe_not_judged, as a note beside what a command prints.
void print_not_judged(const Session& session, Context& context);

}  // namespace lastgood::cli
