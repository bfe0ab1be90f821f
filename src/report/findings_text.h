// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The sentences both forms of the report share. Every number in them is counted, none is guessed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/case_report.h"

namespace lastgood::report {

std::string_view meaning_of(model::Verdict verdict);
/// One paragraph for somebody who reads nothing else.
std::string summary_of(const CaseReport& report);
std::vector<std::string> next_steps(const CaseReport& report);
std::vector<std::string> how_sure(const CaseReport& report);

}  // namespace lastgood::report
