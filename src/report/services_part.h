// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Services over time, restores, targets against what was achieved; the five answers that are asked for at the end; and
// which parts a report of which hour has.
#pragma once

#include <string>

#include "report/case_report.h"

namespace lastgood::report {

/// From the case's services file, history, restore tests and ledger. A services file that cannot be read is said, and
/// stops nothing.
[[nodiscard]] base::Result<ServicesShare> gather_services(const std::string& case_folder,
                                                          const facts::CaseFacts& facts);

[[nodiscard]] std::string services_html(const CaseReport& report);
[[nodiscard]] std::string services_text(const CaseReport& report);

/// Which servers, how many bytes, restored from what, when was each service back, was data taken.
struct Answer {
  std::string question;
  std::vector<std::string> sentences;
};
[[nodiscard]] std::vector<Answer> find_five_answers(const CaseReport& report);
[[nodiscard]] std::string five_answers_html(const CaseReport& report);
[[nodiscard]] std::string five_answers_text(const CaseReport& report);

/// "Report of the first hour: ..."
[[nodiscard]] std::string title_of(ReportForm form);
/// Logs, mails, addresses: from the sixth hour on.
[[nodiscard]] bool has_inquiry(ReportForm form);
/// Persons, single files: from the first day on.
[[nodiscard]] bool has_details(ReportForm form);

}  // namespace lastgood::report
