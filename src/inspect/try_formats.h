// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tries the formats that content or name speak for, the surest first, until one is whole.
#pragma once

#include <vector>

#include "formats/format.h"
#include "inspect/claimed_name.h"
#include "verdict/facts.h"

namespace lastgood::inspect {

struct Trials {
  static constexpr std::size_t none = SIZE_MAX;
  std::vector<const formats::Format*> formats;  // in the order of facts.structures
  std::vector<formats::WalkReport> reports;
  std::size_t whole = none;  // index of the structure that is whole or sealed
  [[nodiscard]] bool has_whole() const { return whole != none; }
};

/// Fills `facts.structures` and `facts.name`. At most eight formats are walked.
Trials try_formats(formats::WalkInput& input, const ClaimedName& claims, verdict::Facts& facts);

}  // namespace lastgood::inspect
