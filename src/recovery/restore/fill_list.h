// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What was filled, as the journal keeps it and as people are told of it.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "recovery/restore/journal.h"
#include "recovery/restore_plan.h"

namespace lastgood::recovery::restore {

/// Joins what lies end to end and is of one kind; what was known of the same bytes before is forgotten.
void add_fill(std::vector<FilledEntry>& fills, FilledEntry fill);

/// Into the outcome, what is known of this run and of earlier ones: of every file that was restored, whole or in part.
void tell_fills(const Plan& plan, const JournalState& journal,
                const std::map<std::uint32_t, std::vector<FilledEntry>>& filled, RestoreOutcome& outcome);

}  // namespace lastgood::recovery::restore
