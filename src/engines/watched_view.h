// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A UnitView that stops answering: a check of a large unit then ends within one read, whatever it was doing.
#pragma once

#include <functional>
#include <memory>

#include "engines/unit.h"

namespace lastgood::engines {

/// `view`, which outlives it, as long as `goes_on` says yes; then ErrorCode::cancelled for everything. What a check
/// says of a view that stopped is worth nothing. `goes_on` is called from the thread that looks.
[[nodiscard]] std::unique_ptr<UnitView> watch_view(const UnitView& view, std::function<bool()> goes_on);

}  // namespace lastgood::engines
