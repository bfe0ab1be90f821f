// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which services work on data of which files are encrypted: their health checks may be well all the same.
#pragma once

#include "base/result.h"
#include "casefile/case_store.h"
#include "report/case_report.h"

namespace lastgood::report {

/// Sets `struck` of each service, as `services status` counts it: encrypted files of its data in the newest scans of
/// live trees; where a restore of it ended after the scan, those that stand there as the scan saw them. REQUIRES: what
/// was restored of it is set.
[[nodiscard]] base::Status count_struck(casefile::CaseStore& store, ServicesShare& services);

}  // namespace lastgood::report
