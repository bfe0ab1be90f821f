// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "casefile/case_store.h"

namespace lastgood::cli {

/// In which times are printed: what was said with 'case describe --zone'. Empty, which reads as UTC, also where the
/// case cannot say it: what is printed must not fail over how.
[[nodiscard]] std::string zone_of(casefile::CaseStore& store);

}  // namespace lastgood::cli
