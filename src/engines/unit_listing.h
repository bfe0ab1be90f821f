// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What lies in a unit, to tell later whether it is still there: a disk that was pulled out while an engine was tried on
// its copy makes the engine complain, and says nothing about the copy.
#pragma once

#include <string>
#include <vector>

#include "engines/unit.h"

namespace lastgood::engines {

/// Paths of the view, sorted, at most a million. A folder that cannot be listed is there itself, without what is in it.
[[nodiscard]] std::vector<std::string> list_unit(const UnitView& view, const FoundUnit& unit);

/// "'pg/base' and 311 others are gone"; empty: all that was listed before is there now. Both as list_unit gives them.
[[nodiscard]] std::string describe_gone(const std::vector<std::string>& before, const std::vector<std::string>& now);

}  // namespace lastgood::engines
