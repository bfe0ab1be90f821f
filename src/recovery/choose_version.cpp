// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/choose_version.h"

namespace lastgood::recovery {

namespace {

using model::Verdict;

std::optional<std::size_t> find_before_attack(std::span<const Candidate> candidates, Verdict verdict) {
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (candidates[i].verdict == verdict && candidates[i].moment == Candidate::Moment::before_attack) return i;
  }
  return std::nullopt;
}

}  // namespace

bool is_good(Verdict verdict) { return verdict == Verdict::intact || verdict == Verdict::protected_; }

bool is_hit(Verdict verdict) {
  return verdict == Verdict::encrypted || verdict == Verdict::partly_encrypted || verdict == Verdict::note;
}

Choice choose_version(std::span<const Candidate> candidates) {
  bool any_open = false;
  bool any_hit = false;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Candidate& candidate = candidates[i];
    any_open = any_open || !candidate.verdict;
    any_hit = any_hit || (candidate.verdict && is_hit(*candidate.verdict));
    if (!candidate.verdict || !is_good(*candidate.verdict)) continue;
    if (candidate.company == Candidate::Company::struck) return {.index = i, .reason = ChoiceReason::from_struck};
    return {.index = i, .reason = i == 0 ? ChoiceReason::newest_intact : ChoiceReason::older_intact};
  }
  if (const auto found = find_before_attack(candidates, Verdict::undecided))
    return {.index = found, .reason = ChoiceReason::undecided_before};
  if (const auto found = find_before_attack(candidates, Verdict::damaged))
    return {.index = found, .reason = ChoiceReason::damaged_before};
  if (any_open) return {.index = {}, .reason = ChoiceReason::not_judged};
  return {.index = {}, .reason = any_hit ? ChoiceReason::only_hit : ChoiceReason::unreadable};
}

std::string_view sentence_of(ChoiceReason reason) {
  switch (reason) {
    case ChoiceReason::newest_intact: return "newest.intact: the newest version is intact";
    case ChoiceReason::older_intact: return "older.intact: newer versions are not good, this is the newest that is";
    case ChoiceReason::older_database:
      return "older.database: newer versions are empty files, this is the newest that is a database";
    case ChoiceReason::from_struck:
      return "during.attack: intact, from a snapshot taken while the attack ran; newer than the last clean snapshot";
    case ChoiceReason::undecided_before:
      return "undecided.before: nobody can tell from the bytes; these are the newest that are not known to be from the "
             "attack";
    case ChoiceReason::damaged_before:
      return "damaged.before: was broken before the attack already, and no whole version exists";
    case ChoiceReason::only_hit: return "none.good: every version that exists is encrypted";
    case ChoiceReason::not_judged:
      return "none.judged: versions exist and were not judged; run 'lastgood backups judge'";
    case ChoiceReason::unreadable: return "none.readable: no version can be read or proven whole";
  }
  return "";
}

}  // namespace lastgood::recovery
