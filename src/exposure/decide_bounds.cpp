// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/human.h"
#include "exposure/count_exposure.h"

namespace lastgood::exposure {

namespace {

using base::human_count;

std::string words_of_count(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", human_count(count), what, count == 1 ? "" : "s");
}

constexpr std::uint64_t k_statements_said = 8;  // in a sentence; all are in the result

PersonBounds& bounds_in(ExposureResults& results, Basis basis) {
  return results.bases.at(static_cast<std::size_t>(basis));
}

void decide_held(const ExposureRequest& request, ExposureResults& results) {
  PersonBounds& held = bounds_in(results, Basis::held);
  held.lower = held.count.lower;
  held.upper = held.count.upper;
  const bool is_complete = results.unread_count == 0 && results.finding_count == 0;
  held.is_at_least = !is_complete;
  // Letters and pictures speak of persons too, and nobody counts those.
  held.standing = is_complete && results.other_files == 0 ? Standing::final : Standing::estimate;
  held.reason = fmt::format("counted in {} with tables{}", words_of_count(results.table_files, "file"),
                            request.host.empty() ? "" : ", named as held on '" + request.host + "'");
  if (results.other_files > 0)
    held.reason += fmt::format("; {} without tables in a form known here (free text, pictures, programs)",
                               words_of_count(results.other_files, "file"));
  if (results.unread_count > 0)
    held.reason +=
        fmt::format("; {} could not be read, which is not none", words_of_count(results.unread_count, "file"));
  if (results.finding_count > 0)
    held.reason +=
        fmt::format("; {} of what is broken or odd in files", words_of_count(results.finding_count, "finding"));
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
        "of {} encrypted files no readable copy was among what was read: only the encrypted form exists here; count "
        "good copies too, restored from a backup",
        human_count(results.encrypted_files));
    return;
  }
  const std::string looked_at =
      fmt::format("readable copies of {} of {} encrypted files", human_count(results.encrypted_with_copy),
                  human_count(results.encrypted_files));
  if (encrypted.count.upper == 0 && without > 0) {
    encrypted.reason =
        fmt::format("no person was found in {}, and of {} only the encrypted form is known, which is not none",
                    looked_at, human_count(without));
    return;
  }
  encrypted.lower = encrypted.count.lower;
  encrypted.upper = encrypted.count.upper;
  encrypted.is_at_least = without > 0 || results.unread_count > 0 || results.finding_count > 0;
  encrypted.standing = encrypted.is_at_least ? Standing::estimate : Standing::final;
  encrypted.reason = "counted in " + looked_at;
  if (without > 0)
    encrypted.reason +=
        fmt::format("; of {} only the encrypted form is known, which is not none", human_count(without));
}

void add_part(std::string& text, std::string_view part) {
  if (part.empty()) return;
  if (!text.empty()) text += "; ";
  text += part;
}

void add_id(std::string& ids, const std::string& id) {
  if (id.empty() || ids.find(id) != std::string::npos) return;
  if (!ids.empty()) ids += ", ";
  ids += id;
}

std::string who_of(const ShownStatement& one) {
  std::string who = one.account.empty() ? "an account that is not named" : "account " + one.account;
  if (!one.address.empty()) who += " at " + one.address;
  return who;
}

std::string words_of_access(const ShownStatement& one) {
  const std::string who = who_of(one) + " (" + one.why_tied + ")";
  switch (one.reach) {
    case Reach::files:
      return fmt::format("exactly these files: {} of those counted were opened, read, renamed or written by {}",
                         human_count(one.files), who);
    case Reach::share: return fmt::format("the share: {} used it {}", who, words_of_count(one.times, "time"));
    case Reach::host: return fmt::format("the machine: {} logged in {}", who, words_of_count(one.times, "time"));
    case Reach::database:
      return fmt::format("the database: {} logged in or asked {}", who, words_of_count(one.times, "time"));
    case Reach::flow: break;
  }
  return fmt::format("{} in {} from {} to {} ({})", base::human_bytes(one.bytes), words_of_count(one.times, "flow"),
                     one.address, one.to_address, one.why_tied);
}

/// What the timeline says for one basis: each statement with the place that says it.
struct Said {
  std::string words;
  std::uint64_t statements = 0;
  std::uint64_t wide = 0;  // that reach further than the files they name
};

Said said_of(const ExposureResults& results, Basis basis, std::string& ids) {
  Said said;
  for (const ShownStatement& one : results.shown) {
    if ((one.reach == Reach::flow) != (basis == Basis::leaving)) continue;
    ++said.statements;
    said.wide += one.reach == Reach::files ? 0U : 1U;
    if (said.statements <= k_statements_said)
      add_part(said.words, fmt::format("{} [{}]", words_of_access(one), place_words(one)));
    add_id(ids, one.log.evidence_id);
  }
  if (said.statements > k_statements_said)
    add_part(said.words, fmt::format("and {} more", human_count(said.statements - k_statements_said)));
  return said;
}

void add_doubts(const ExposureResults& results, std::string& reason) {
  for (const std::string& doubt : results.doubts) add_part(reason, "not counted: " + doubt);
  if (results.access_doubtful > 0)
    add_part(reason, fmt::format("not counted: {} files that fit a path of a log no better than another file does",
                                 human_count(results.access_doubtful)));
}

/// The files that a log names give the lower bound; how far the access reached gives the upper one.
void decide_readable(const ExposureRequest& request, ExposureResults& results) {
  PersonBounds& bounds = bounds_in(results, Basis::readable);
  bounds.evidence = request.access_shown;
  const Said said = said_of(results, Basis::readable, bounds.evidence);
  if (said.statements == 0 && request.access_shown.empty()) {
    bounds.reason = "no access is shown by evidence: unknown, which is not none";
    return add_doubts(results, bounds.reason);
  }
  const PersonBounds& held = bounds_in(results, Basis::held);
  const bool is_wide = said.wide > 0 || !request.access_shown.empty();
  bounds.standing = Standing::estimate;
  bounds.lower = bounds.count.lower;
  bounds.upper = is_wide ? held.upper : bounds.count.upper;
  bounds.is_at_least = held.is_at_least;
  bounds.reason = said.words;
  if (results.accessed_files > 0 && is_wide)
    add_part(bounds.reason, "in exactly the files that the logs name: " +
                                (bounds.count.lower == bounds.count.upper
                                     ? words_of_count(bounds.count.upper, "person")
                                     : fmt::format("between {} and {} persons", human_count(bounds.count.lower),
                                                   human_count(bounds.count.upper))));
  if (!request.access_shown.empty())
    add_part(bounds.reason, fmt::format("evidence {} is named as showing access; which files were read it does not say",
                                        request.access_shown));
  if (is_wide)
    add_part(bounds.reason, results.accessed_files > 0
                                ? "beyond the files that are named: at most all that was held"
                                : "which files were read is not said: at most all that was held, perhaps none of it");
  add_doubts(results, bounds.reason);
}

void decide_leaving(const ExposureRequest& request, ExposureResults& results) {
  PersonBounds& bounds = bounds_in(results, Basis::leaving);
  bounds.evidence = request.egress_shown;
  const Said said = said_of(results, Basis::leaving, bounds.evidence);
  if (said.statements == 0 && request.egress_shown.empty()) {
    bounds.reason = "no egress is shown by evidence: unknown, which is not none";
    return;
  }
  const PersonBounds& held = bounds_in(results, Basis::held);
  bounds.standing = Standing::estimate;
  bounds.lower = 0;
  bounds.upper = held.upper;
  bounds.is_at_least = held.is_at_least;
  bounds.reason = said.words;
  if (!request.egress_shown.empty())
    add_part(
        bounds.reason,
        fmt::format("evidence {} is named as showing that data left{}", request.egress_shown,
                    request.egress_bytes ? fmt::format(" ({} bytes out)", human_count(*request.egress_bytes)) : ""));
  add_part(bounds.reason, "which data it does not say: at most all that was held, perhaps none of it");
}

}  // namespace

void decide_bounds(const ExposureRequest& request, ExposureResults& results) {
  for (std::size_t i = 0; i < k_bases; ++i) results.bases.at(i).basis = static_cast<Basis>(i);
  decide_held(request, results);
  decide_encrypted(results);
  decide_readable(request, results);
  decide_leaving(request, results);
}

}  // namespace lastgood::exposure
