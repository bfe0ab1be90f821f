// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The restores in place of a case, by its ledger: so that what they kept is found without knowing by which plan.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "recovery/kept.h"

namespace lastgood::recovery {

struct KnownKeptPlace {
  KeptPlace place;
  std::string begun;      // RFC 3339: when that restore was first begun
  std::string plan_made;  // where its plan was written, when the ledger says so
  std::string plan_path;  // where it is now, unchanged; empty: nowhere of those that are known
};

/// In the order in which they were begun, each once; without `plan_path`.
[[nodiscard]] base::Result<std::vector<KnownKeptPlace>> find_kept_places(const std::string& case_folder);

/// Fills `plan_path`: the case's own copy, or, of restores by earlier programs, which kept none, the file where it was
/// made or one of a service's. Reads plans, which takes a while where they are large.
void find_their_plans(const std::string& case_folder, std::vector<KnownKeptPlace>& places);

}  // namespace lastgood::recovery
