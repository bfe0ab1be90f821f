// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What really happened to every file of a drill: what the scan is scored against, and the keys to undo it all.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drill/damage_patterns.h"
#include "model/verdict.h"

namespace lastgood::drill {

/// Folder of the hospital after the attack, below the drill's folder.
inline constexpr std::string_view k_attacked = "attacked";

enum class Fate : std::uint8_t {
  untouched,  // copied as it was
  renamed,    // copied as it was under a name with the attack's extension: .bak9 is also an ordinary backup suffix
  attacked,   // changed by a pattern that is encryption
  damaged,    // changed by a pattern that is not
  note,       // left by the attacker
};

std::string_view name_of(Fate fate);

struct TruthEntry {
  std::string path;      // below k_attacked
  std::string original;  // below "before"; empty for a note
  std::string kind;      // "docx", ...; "note"
  std::string pattern;   // id; empty when nothing was changed
  Fate fate = Fate::untouched;
  std::uint64_t size_bytes = 0;
  std::vector<model::ByteRange> replaced;
  std::vector<model::ByteRange> added;
  std::vector<model::Verdict> right;  // every verdict that would be right
  ThrowawayKey key;                   // of changed files
};

struct Truth {
  std::uint64_t seed = 0;
  std::string folder_id;
  std::vector<TruthEntry> entries;
};

/// JSON. Runs less than a block apart are written as one, so that a pattern of 16 of 32 bytes stays one line.
std::string write_truth(const Truth& truth);

}  // namespace lastgood::drill
