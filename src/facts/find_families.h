// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which families public tables name for the marks of the case. Private to facts/.
#pragma once

#include <vector>

#include "base/result.h"
#include "facts/case_facts.h"

namespace lastgood::facts {

/// From the table that comes along (without it: none) and those that the case names (an error when one cannot be read).
[[nodiscard]] base::Result<std::vector<FamilyFacts>> find_families(const CaseFacts& facts);

}  // namespace lastgood::facts
