// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/custody_entries.h"

#include "base/misuse.h"

#include <fmt/format.h>

namespace lastgood::evidence {

namespace {

base::Status append(ledger::Ledger& ledger, std::string_view kind, const ledger::Fields& fields) {
  LG_ASSIGN([[maybe_unused]] const ledger::Head head, ledger.append(kind, fields));
  return base::Done{};
}

/// "R. Nair" and "r.nair" are one person.
std::string folded_person(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '.' || c == '\t') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  return out;
}

}  // namespace

base::Status note_evidence(ledger::Ledger& ledger, const EvidenceItem& item, const std::string& by,
                           const std::string& second, const std::string& text) {
  const std::string first_person = folded_person(by);
  const std::string second_person = folded_person(second);
  if (first_person.empty() || second_person.empty() || first_person == second_person)
    return base::misuse("a note needs two different persons", "give --by NAME and --and NAME");
  if (text.empty()) return base::misuse("the note is empty", {});
  return append(ledger, k_kind_noted, {{"and", second}, {"by", by}, {"evidence", item.id}, {"text", text}});
}

base::Status hand_over(ledger::Ledger& ledger, const EvidenceItem& item, const HandOver& hand_over) {
  if (hand_over.from.empty() || hand_over.to.empty() || hand_over.place.empty() || hand_over.reason.empty() ||
      hand_over.authority.empty())
    return base::misuse("a hand-over needs to know from whom, to whom, where, why and on whose authority",
                        "give --from, --to, --where, --why and --authority");
  if (folded_person(hand_over.from) == folded_person(hand_over.to))
    return base::misuse("evidence is handed over to somebody else", "--from and --to name the same person");
  return append(ledger, k_kind_handed_over,
                {{"and", hand_over.to},
                 {"by", hand_over.from},
                 {"evidence", item.id},
                 {"place", hand_over.place},
                 {"text", fmt::format("{}; on the authority of {}", hand_over.reason, hand_over.authority)}});
}

}  // namespace lastgood::evidence
