// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The newest count of persons, as facts. Private to facts/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "facts/case_facts.h"

namespace lastgood::facts {

/// A database that was brought forward by its saved logs.
struct BroughtForward {
  std::string folder;
  std::string kind;
  std::int64_t as_of_ns = 0;
};

/// What of the case an exposure count is held against.
struct CountedSince {
  const timeline::TimelineSummary& timeline;
  const std::vector<BroughtForward>& databases;  // in the ledger's order
  std::string zone;                              // of the case
};

/// Empty when nothing was counted: unknown, not none. What the count took from the timeline must still stand in it:
/// where a log or a tie is gone, the sentence that stood on it says unknown again. A count of databases says as of when
/// they were, and is final no more where newer data of such a database came back.
[[nodiscard]] base::Result<ExposureFacts> read_exposure(const std::string& case_folder, const CountedSince& since);

}  // namespace lastgood::facts
