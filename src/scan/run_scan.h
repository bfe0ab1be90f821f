// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// run_scan: judge every file below the roots, find what the attack left, record it all.
#pragma once

#include "base/result.h"
#include "casefile/case_store.h"
#include "inspect/file_search.h"
#include "ledger/ledger.h"
#include "scan/scan_request.h"

namespace lastgood::scan {

/// The ledger hears of the scan before the first file is opened and after the last verdict is stored. `search`, if any,
/// sees all bytes of every file in the same read, and what it finds is stored with the verdicts.
[[nodiscard]] base::Result<ScanOutcome> run_scan(const ScanRequest& request, casefile::CaseStore& store,
                                                 ledger::Ledger& ledger, ScanProgress& progress,
                                                 inspect::FileSearch* search = nullptr);

}  // namespace lastgood::scan
