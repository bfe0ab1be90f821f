// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::casefile {

/// The case's secret under which identifiers of persons are hashed: drawn once, kept in the case, never printed.
/// Without it nobody can try numbers against what was spilled to disk.
[[nodiscard]] base::Result<std::array<std::uint8_t, 16>> person_secret(CaseStore& store);

}  // namespace lastgood::casefile
