// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the hospital calls its own, from `--own` and from what was said about the case.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "sightings/collect_sightings.h"

namespace lastgood::cli {

/// Each is a domain or a block of addresses.
[[nodiscard]] base::Result<sightings::OwnPlaces> parse_own(const std::vector<std::string>& own);
[[nodiscard]] base::Status add_own_of_case(casefile::CaseStore& store, sightings::OwnPlaces& own);

}  // namespace lastgood::cli
