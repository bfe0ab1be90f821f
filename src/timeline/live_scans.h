// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::timeline {

/// Which of several scans of the same places: `as_struck` is the newest that still sees at least half of the encrypted
/// files that any of them saw. What is told of the attack must not shrink when good files are back and the places are
/// scanned again.
enum class LiveScans : std::uint8_t { as_struck, newest };

/// Scans of live trees, of each set of roots on a machine one, so that no file shows twice.
[[nodiscard]] base::Result<std::vector<model::Scan>> find_live_scans(casefile::CaseStore& store,
                                                                     LiveScans which = LiveScans::as_struck);

}  // namespace lastgood::timeline
