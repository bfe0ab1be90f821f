// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/human.h"
#include "exposure/count_exposure.h"

namespace lastgood::exposure {

namespace {

using base::human_count;

PersonBounds& bounds_in(ExposureResults& results, Basis basis) {
  return results.bases.at(static_cast<std::size_t>(basis));
}

void decide_held(const ExposureRequest& request, ExposureResults& results) {
  PersonBounds& held = bounds_in(results, Basis::held);
  held.lower = held.count.lower;
  held.upper = held.count.upper;
  held.is_at_least = results.unread_count > 0;
  const bool is_complete = results.unread_count == 0 && results.finding_count == 0;
  held.standing = is_complete ? Standing::final : Standing::estimate;
  held.reason = fmt::format("counted in {} files with tables{}{}", human_count(results.table_files),
                            request.host.empty() ? "" : ", named as held on ", request.host);
  if (results.other_files > 0)
    held.reason += fmt::format("; {} files hold no tables in a form known here (free text, pictures, programs)",
                               human_count(results.other_files));
  if (results.unread_count > 0)
    held.reason += fmt::format("; {} files could not be read, which is not none", human_count(results.unread_count));
  if (results.finding_count > 0)
    held.reason += fmt::format("; {} findings say that files are broken in places", human_count(results.finding_count));
}

void decide_encrypted(ExposureResults& results) {
  PersonBounds& encrypted = bounds_in(results, Basis::encrypted);
  const std::uint64_t without =
      results.encrypted_files - std::min(results.encrypted_files, results.encrypted_with_copy);
  if (results.encrypted_files == 0) {
    encrypted.reason = "the case knows no encrypted files: scan the affected systems first";
    return;
  }
  if (results.encrypted_with_copy == 0) {
    encrypted.reason = fmt::format(
        "of {} encrypted files no readable copy was among what was read: only the encrypted form exists here",
        human_count(results.encrypted_files));
    return;
  }
  encrypted.lower = encrypted.count.lower;
  encrypted.upper = encrypted.count.upper;
  encrypted.is_at_least = without > 0 || results.unread_count > 0;
  encrypted.standing = encrypted.is_at_least || results.finding_count > 0 ? Standing::estimate : Standing::final;
  encrypted.reason = fmt::format("counted in readable copies of {} of {} encrypted files",
                                 human_count(results.encrypted_with_copy), human_count(results.encrypted_files));
  if (without > 0)
    encrypted.reason +=
        fmt::format("; of {} only the encrypted form is known, which is not none", human_count(without));
}

/// Access and egress: nothing counts them, evidence shows at most that they were.
void decide_shown(ExposureResults& results, Basis basis, const std::string& evidence, const std::string& what) {
  PersonBounds& bounds = bounds_in(results, basis);
  bounds.evidence = evidence;
  if (evidence.empty()) {
    bounds.reason = basis == Basis::readable ? "no access is shown by evidence: unknown, which is not none"
                                             : "no egress is shown by evidence: unknown, which is not none";
    return;
  }
  const PersonBounds& held = bounds_in(results, Basis::held);
  bounds.standing = Standing::estimate;
  bounds.lower = 0;
  bounds.upper = held.upper;
  bounds.is_at_least = held.is_at_least;
  bounds.reason = what;
}

}  // namespace

void decide_bounds(const ExposureRequest& request, ExposureResults& results) {
  for (std::size_t i = 0; i < k_bases; ++i) results.bases.at(i).basis = static_cast<Basis>(i);
  decide_held(request, results);
  decide_encrypted(results);
  decide_shown(
      results, Basis::readable, request.access_shown,
      fmt::format("evidence {} is named as showing access; which files were read it does not say: at most all that "
                  "was held, perhaps none of it",
                  request.access_shown));
  decide_shown(
      results, Basis::leaving, request.egress_shown,
      fmt::format("evidence {} is named as showing that data left{}; which data it does not say: at most all that "
                  "was held, perhaps none of it",
                  request.egress_shown,
                  request.egress_bytes ? fmt::format(" ({} bytes out)", human_count(*request.egress_bytes)) : ""));
}

}  // namespace lastgood::exposure
