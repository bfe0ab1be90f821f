// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Evidence as a folder that anybody can check with sha256sum and openssl; its README says how, step by step.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "ledger/ledger.h"

namespace lastgood::evidence {

struct ExportCounts {
  std::uint64_t items = 0;
  std::uint64_t files = 0;  // of kept copies
  std::uint64_t bytes = 0;
  std::string sums_sha256;  // of SHA256SUMS: who gets the folder is told it by another way
};

/// Makes `folder`, which must not be there. The export is an entry of the ledger that comes with it; `note_last` is
/// called behind that entry, so that a head signed then covers it. `checker` is the path of check_ledger.py, or empty.
[[nodiscard]] base::Result<ExportCounts> export_evidence(const std::string& case_folder, ledger::Ledger& ledger,
                                                         const std::string& folder, const std::string& checker,
                                                         const std::function<base::Status()>& note_last);

}  // namespace lastgood::evidence
