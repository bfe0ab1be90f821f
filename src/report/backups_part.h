// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the backups still have, as a part of the report: for people who must decide tonight.
#pragma once

#include <string>

#include "report/case_report.h"

namespace lastgood::report {

/// One strip of snapshots for each source, the share of hit files in each, and a table. Empty: no source was added.
[[nodiscard]] std::string backups_html(const CaseReport& report);
[[nodiscard]] std::string backups_text(const CaseReport& report);

}  // namespace lastgood::report
