// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "verdict/first_rules.h"

namespace lastgood::verdict {

namespace {

using model::Certainty;
using model::Reason;
using model::Verdict;

Judgement told(Verdict verdict, Certainty certainty, std::string format, std::vector<Reason> reasons) {
  return {.verdict = verdict,
          .certainty = certainty,
          .format = std::move(format),
          .ranges = {},
          .reasons = std::move(reasons)};
}

}  // namespace

std::optional<Judgement> unreadable(const Facts& facts) {
  if (!facts.read_error) return std::nullopt;
  return told(Verdict::unreadable, Certainty::proven, {}, {{.rule = "unreadable", .sentence = facts.read_error->what}});
}

std::optional<Judgement> empty(const Facts& facts) {
  if (facts.size_bytes != 0) return std::nullopt;
  return told(Verdict::intact, Certainty::proven, "empty", {{.rule = "empty", .sentence = "the file has no bytes"}});
}

std::optional<Judgement> ransom_note(const Facts& facts) {
  if (facts.note_signs.empty()) return std::nullopt;
  std::vector<Reason> reasons;
  for (const std::string& sign : facts.note_signs) reasons.push_back({.rule = "note", .sentence = sign});
  return told(Verdict::note, facts.note_signs.size() >= 4 ? Certainty::strong : Certainty::weak, "note",
              std::move(reasons));
}

}  // namespace lastgood::verdict
