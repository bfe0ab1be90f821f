// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a restore did, as JSON lines: docs/json.md.
#pragma once

#include <iosfwd>

#include "recovery/restore_plan.h"

namespace lastgood::cli {

/// A line for each file that was refused, is incomplete, has a remark or was filled, then one for all.
void write_restore_json(const recovery::RestoreOutcome& outcome, std::ostream& out);

}  // namespace lastgood::cli
