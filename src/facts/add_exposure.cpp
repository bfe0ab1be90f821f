// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "facts/add_exposure.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/human.h"
#include "base/local_time.h"
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

/// Newer than the asked one: the same folder, or, of a copy that lies elsewhere, one of its kind. Null: there is none.
const BroughtForward* newer_than(const exposure::AskedUnit& unit, const std::vector<BroughtForward>& databases) {
  const BroughtForward* newer = nullptr;
  for (const BroughtForward& one : databases) {
    const bool is_newer = unit.as_of_ns != 0 && one.as_of_ns > unit.as_of_ns;
    if (one.folder == unit.path) return is_newer ? &one : nullptr;
    if (is_newer && one.kind == unit.kind && (newer == nullptr || one.as_of_ns > newer->as_of_ns)) newer = &one;
  }
  return newer;
}

void tell_as_of(const exposure::ExposureResults& results, const CountedSince& since, ExposureFacts& out) {
  constexpr std::size_t k_said_max = 5;
  std::string words;
  const BroughtForward* newer = nullptr;
  for (const exposure::AskedUnit& unit : results.units) {
    if (&unit < results.units.data() + k_said_max)
      words +=
          fmt::format("; '{}' as of {}", base::printable(unit.path), base::time_in_zone(unit.as_of_ns, since.zone));
    if (newer == nullptr) newer = newer_than(unit, since.databases);
  }
  if (newer != nullptr)
    words += fmt::format("; '{}' was brought forward to {}: count that too, the newest persons are in no number here",
                         base::printable(newer->folder), base::time_in_zone(newer->as_of_ns, since.zone));
  for (PersonsFacts& persons : out.persons) {
    if (persons.basis == "held") persons.sentence += words;
    if (newer == nullptr) continue;
    persons.is_final = false;
    persons.at_most = std::nullopt;
  }
}

}  // namespace

base::Result<ExposureFacts> read_exposure(const std::string& case_folder, const CountedSince& since) {
  ExposureFacts out;
  LG_ASSIGN(auto results, exposure::read_results(case_folder));
  if (!results) return out;
  check_against(since.timeline, *results);
  out.counted = results->made;
  out.files = results->table_files;
  out.unread_files = results->unread_count;
  for (const exposure::PersonBounds& bounds : results->bases) out.persons.push_back(persons_of(bounds));
  tell_as_of(*results, since, out);
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
