// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is known of the attack itself, as a part of the report: the timeline with its picture, who encrypted and from
// where, contacts and addresses with what ties them to the attack, persons on their four bases.
#pragma once

#include <string>

#include "report/case_report.h"

namespace lastgood::report {

[[nodiscard]] std::string timeline_html(const CaseReport& report);
[[nodiscard]] std::string contacts_html(const CaseReport& report);
[[nodiscard]] std::string persons_html(const CaseReport& report);

/// For a terminal or a printer, with headings.
[[nodiscard]] std::string investigation_text(const CaseReport& report);
[[nodiscard]] std::string persons_text(const CaseReport& report);

}  // namespace lastgood::report
