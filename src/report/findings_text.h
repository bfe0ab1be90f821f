// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The sentences both forms of the report share. Every number in them is counted, none is guessed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/case_report.h"

namespace lastgood::report {

inline constexpr int k_picture_width = 960;  // of the report's pictures, in units of SVG

/// A title, underlined, as the text form has them.
std::string heading(std::string_view title);
std::string_view meaning_of(model::Verdict verdict);
/// One paragraph for somebody who reads nothing else.
std::string summary_of(const CaseReport& report);
/// "District Hospital: night.case"
std::string heading_of(const CaseReport& report);
/// "times are those of UTC+05:30", or UTC where nobody said the zone of the case.
std::string zone_of(const CaseReport& report);
/// A time as all of the report says it: in the zone of the case.
std::string told_time(const facts::CaseFacts& facts, std::int64_t time_ns);
/// "scanned again 2022-11-24T...: 0 of 15 files of db1:/srv are encrypted"; of places that were, when good files were
/// back.
std::vector<std::string> later_scans(const CaseReport& report);
/// "scan 1 and scan 2 overlap on db1: ...", where folders were scanned together and apart.
std::vector<std::string> overlaps(const CaseReport& report);
/// Backups that held encrypted files before any file of the servers was changed: plans reckon from then.
std::vector<std::string> struck_before(const CaseReport& report);
/// How many of the encrypted files the campaigns below do not hold, and why their numbers may have gaps.
std::string outside_campaigns(const CaseReport& report);
std::vector<std::string> next_steps(const CaseReport& report);
std::vector<std::string> how_sure(const CaseReport& report);

}  // namespace lastgood::report
