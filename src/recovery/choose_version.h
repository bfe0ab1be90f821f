// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which of the versions of one path is the last good one. Pure: versions in, choice and reason out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "model/verdict.h"

namespace lastgood::recovery {

/// One version of a path, as far as choosing needs it.
struct Candidate {
  std::optional<model::Verdict> verdict;  // nothing: not judged
  model::Certainty certainty = model::Certainty::weak;
  enum class Company : std::uint8_t { clean, struck } company = Company::clean;  // no other file of its snapshot is hit
  enum class Moment : std::uint8_t { before_attack, since_attack } moment = Moment::before_attack;
};

enum class ChoiceReason : std::uint8_t {
  newest_intact,     // the newest version of all is intact
  older_intact,      // newer ones are hit; this is the newest intact one
  older_database,    // newer ones are empty files; this is the newest that is a database
  from_struck,       // intact, and taken from a snapshot that holds encrypted files: newer than the last clean one
  undecided_before,  // nobody can tell from the bytes; it is as it was before the attack
  damaged_before,    // was broken before the attack already, and there is no whole one
  only_hit,          // every version is encrypted
  not_judged,        // versions without a verdict only
  unreadable,        // no version can be read
};

struct Choice {
  std::optional<std::size_t> index;  // of the candidate; nothing: there is no good one
  ChoiceReason reason = ChoiceReason::only_hit;
};

/// `candidates` from newest to oldest.
[[nodiscard]] Choice choose_version(std::span<const Candidate> candidates);

/// "newest.intact: the newest version is intact".
std::string_view sentence_of(ChoiceReason reason);

/// Good enough to be brought back without a word: intact or protected by its owner.
[[nodiscard]] bool is_good(model::Verdict verdict);
/// Encrypted, partly encrypted, or a ransom note.
[[nodiscard]] bool is_hit(model::Verdict verdict);

}  // namespace lastgood::recovery
