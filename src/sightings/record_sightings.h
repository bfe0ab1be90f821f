// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Collects sightings and keeps them in the case: ledger entry -> collect_sightings -> ledger entry.
#pragma once

#include "casefile/case_store.h"
#include "ledger/ledger.h"
#include "sightings/collect_sightings.h"

namespace lastgood::sightings {

/// Also shows `sink` what it records. Files are recorded in batches: after an interruption those that were shown may
/// miss the newest. Errors: a root cannot be opened; the case or its ledger cannot be written (then nothing is read
/// any more).
[[nodiscard]] base::Result<CollectOutcome> collect_into_case(const walk::WalkRequest& files, const OwnPlaces& own,
                                                             casefile::CaseStore& store, ledger::Ledger& ledger,
                                                             SightingSink& sink);

}  // namespace lastgood::sightings
