// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/back_entry_lines.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/human.h"
#include "cli/output/json_lines.h"
#include "cli/output/with_case.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_entries_shown_max = 10;

}  // namespace

void print_clash(const backentry::Book& book, const backentry::Clash& clash, Context& context) {
  std::string reasons;
  for (const std::string& reason : clash.reasons) reasons += (reasons.empty() ? "" : ", ") + reason;
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "back_entry_conflict"}};
    set_text(line, "number", clash.number);
    line["reasons"] = clash.reasons;
    line["entries"] = nlohmann::ordered_json::array();
    for (const backentry::Entry* entry : clash.entries) line["entries"].push_back(entry->id);
    context.out << line.dump() << "\n";
    return;
  }
  context.out << fmt::format("CONFLICT: {} stands for more than one person ({}):\n", base::printable(clash.number),
                             reasons);
  std::size_t shown = 0;
  for (const backentry::Entry* entry : clash.entries) {
    if (++shown > k_entries_shown_max) break;
    const backentry::Decision* decision = book.decision_of(entry->id);
    const std::string decided = decision == nullptr                ? "not decided"
                                : decision->patient_number.empty() ? "decided: a new person"
                                                                   : "decided: " + decision->patient_number;
    context.out << fmt::format("  {} ({})\n", base::printable(backentry::person_line(*entry)),
                               base::printable(decided));
  }
  if (clash.entries.size() > k_entries_shown_max)
    context.out << fmt::format("  and {} more\n", clash.entries.size() - k_entries_shown_max);
  // One at a time: those of one decision are one person. What was decided before is decided otherwise by --overrule.
  const bool is_decided = std::any_of(clash.entries.begin(), clash.entries.end(), [&](const backentry::Entry* entry) {
    return book.decision_of(entry->id) != nullptr;
  });
  context.out << with_case(
      fmt::format(
          "  a misread number is corrected with 'lastgood sheets enter --by NAME' (#ENTRY); else decide who each of "
          "them is: lastgood sheets match --decide ENTRY --number NUMBER (or --new) --by NAME{}\n",
          is_decided ? "; --overrule decides anew on one that is decided" : ""),
      context.case_folder);
}

}  // namespace lastgood::cli
