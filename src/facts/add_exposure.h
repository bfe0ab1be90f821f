// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The newest count of persons, as facts. Private to facts/.
#pragma once

#include <string>

#include "base/result.h"
#include "facts/case_facts.h"

namespace lastgood::facts {

/// Empty when nothing was counted: unknown, not none. What the count took from the timeline must still stand in it:
/// where a log or a tie is gone, the sentence that stood on it says unknown again.
[[nodiscard]] base::Result<ExposureFacts> read_exposure(const std::string& case_folder,
                                                        const timeline::TimelineSummary& summary);

}  // namespace lastgood::facts
