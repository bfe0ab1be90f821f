// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "facts/add_exposure.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/human.h"
#include "exposure/read_results.h"
#include "facts/find_shown_access.h"

namespace lastgood::facts {

namespace {

PersonsFacts persons_of(const exposure::PersonBounds& bounds) {
  return {.basis = std::string(exposure::name_of(bounds.basis)),
          .at_least = bounds.lower,
          // What was not read may hold more: then there is no upper bound.
          .at_most = bounds.is_at_least ? std::nullopt : bounds.upper,
          .is_final = bounds.standing == exposure::Standing::final,
          .sentence = bounds.reason};
}

/// Withdraws what stood on a log or a tie that the timeline does not hold any more.
void check_against(const timeline::TimelineSummary& summary, exposure::ExposureResults& results) {
  for (const exposure::Basis basis : {exposure::Basis::readable, exposure::Basis::leaving}) {
    exposure::PersonBounds& bounds = results.bases.at(static_cast<std::size_t>(basis));
    for (const exposure::ShownStatement& shown : results.shown) {
      const bool is_of_basis = (shown.reach == exposure::Reach::flow) == (basis == exposure::Basis::leaving);
      if (!is_of_basis || still_stands(shown, summary)) continue;
      bounds.lower = bounds.upper = std::nullopt;
      bounds.standing = exposure::Standing::unknown;
      bounds.reason = fmt::format(
          "unknown, which is not none: count {} stood on {}, and the timeline does not hold that, or what ties it to "
          "the attack, any more; count again",
          results.number, exposure::place_words(shown));
      break;
    }
    if (summary.events > results.timeline_events)
      bounds.reason += fmt::format("; the timeline has grown by {} events since: count again",
                                   base::human_count(summary.events - results.timeline_events));
  }
}

}  // namespace

base::Result<ExposureFacts> read_exposure(const std::string& case_folder, const timeline::TimelineSummary& summary) {
  ExposureFacts out;
  LG_ASSIGN(auto results, exposure::read_results(case_folder));
  if (!results) return out;
  check_against(summary, *results);
  out.counted = results->made;
  out.files = results->table_files;
  out.unread_files = results->unread_count;
  for (const exposure::PersonBounds& bounds : results->bases) out.persons.push_back(persons_of(bounds));
  for (const exposure::TableResult& table : results->tables) {
    out.rows += table.rows;
    for (const exposure::ColumnResult& column : table.recognised) {
      const std::string kind(persons::name_of(column.kind));
      if (std::find(out.kinds.begin(), out.kinds.end(), kind) == out.kinds.end()) out.kinds.push_back(kind);
    }
  }
  std::sort(out.kinds.begin(), out.kinds.end());
  return out;
}

}  // namespace lastgood::facts
