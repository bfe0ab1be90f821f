// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/human.h"
#include "exposure/exposure_results.h"

namespace lastgood::exposure {

std::string_view name_of(Basis basis) {
  switch (basis) {
    case Basis::held: return "held";
    case Basis::encrypted: return "encrypted";
    case Basis::readable: return "readable";
    case Basis::leaving: break;
  }
  return "leaving";
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::unknown: return "unknown";
    case Standing::estimate: return "estimate";
    case Standing::final: break;
  }
  return "final";
}

std::string_view title_of(Basis basis) {
  switch (basis) {
    case Basis::held: return "held in what was read";
    case Basis::encrypted: return "in files that were encrypted";
    case Basis::readable: return "readable by the attacker";
    case Basis::leaving: break;
  }
  return "leaving the house";
}

std::string_view counting_rule() {
  return "at most (upper bound): different identifiers (hospital number, else Aadhaar, ABHA, PAN, else name with date "
         "of birth or contact), without those that a row shows to be another identifier of somebody counted, and each "
         "row without a good identifier as one person; hospital numbers under different column names, and plain "
         "counters of different databases, are different. At least (lower bound): all that share any identifier, or "
         "telephone and date of birth, are one person; rows without a good identifier add none; a value that more than "
         "100 identifiers carry joins nobody.";
}

std::string words_of(const PersonBounds& bounds) {
  if (!bounds.upper) return "unknown";
  const std::uint64_t lower = bounds.lower.value_or(0);
  const std::string more = bounds.is_at_least ? ", and more may be in what could not be read" : "";
  if (lower == *bounds.upper) return fmt::format("{} persons{}", base::human_count(lower), more);
  return fmt::format("between {} and {} persons{}", base::human_count(lower), base::human_count(*bounds.upper), more);
}

}  // namespace lastgood::exposure
