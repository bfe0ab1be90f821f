// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::casefile {

/// The case's secret from which sampled offsets follow: drawn once, kept in the case, so that whoever judges again
/// looks at the same places.
[[nodiscard]] base::Result<std::uint64_t> sampling_seed(CaseStore& store);

}  // namespace lastgood::casefile
