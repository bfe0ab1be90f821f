// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::timeline {

/// Scans of live trees, of each set of roots on a machine the newest, so that no file shows twice.
[[nodiscard]] base::Result<std::vector<model::Scan>> find_live_scans(casefile::CaseStore& store);

}  // namespace lastgood::timeline
