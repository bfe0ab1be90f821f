// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Counts the persons that files speak of, on four bases that are never folded into one: held, encrypted, readable by
// the attacker, leaving. The last two are unknown until evidence shows access or egress.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "exposure/exposure_results.h"
#include "ledger/ledger.h"
#include "persons/person_key.h"
#include "walk/walk_files.h"

namespace lastgood::exposure {

struct ExposureRequest {
  walk::WalkRequest files;
  std::string host;          // that held it; empty: not said
  std::string access_shown;  // id of the piece of evidence that shows that files were read; empty: none
  std::string egress_shown;  // that shows that data left
  std::optional<std::uint64_t> egress_bytes;
  ShownAccess shown;                      // by the case's timeline
  std::vector<std::string> same_numbers;  // columns that hold one numbering
  std::string scratch;  // folder for throw-away copies of databases; empty: databases' data files are not read
};

struct ExposureTally {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bytes_expected = 0;
  double seconds = 0;
};

/// Called from the thread that called, some times a second.
struct ExposureWatch {
  std::function<void(const ExposureTally&)> show;
  std::function<bool()> cancelled;
};

/// Notes the beginning and the result in the ledger and writes the result below the case. ErrorCode::cancelled: nothing
/// was written but the beginning.
[[nodiscard]] base::Result<ExposureResults> count_exposure(const ExposureRequest& request,
                                                           const std::string& case_folder, casefile::CaseStore& store,
                                                           ledger::Ledger& ledger, const ExposureWatch& watch);

/// Fills the bounds of all four bases from the counts of the first three (of readable: in the files that a log names)
/// and what was not read. Pure.
void decide_bounds(const ExposureRequest& request, ExposureResults& results);

}  // namespace lastgood::exposure
