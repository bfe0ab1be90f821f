// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is rather misread or mistyped than so, and may be so on the paper all the same: asked once, kept when the person
// who has the paper says that it stands there. Paper is paper; nothing that was typed is lost. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backentry/entry.h"

namespace lastgood::backentry {

enum class NumberIs : std::uint8_t { not_looked_up, given, not_given };

/// What the case knows beside the entry.
struct Known {
  std::int64_t now_ns = 0;  // 0: not known, no time is doubted
  std::string zone;         // of the case, in which paper is written: "+05:30"
  NumberIs number = NumberIs::not_looked_up;
  std::vector<Entry> other_holders;  // entries with the same number that are about another person
  std::uint64_t same_paper = 0;      // an entry that says the same already; 0: none does
};

struct Doubt {
  std::string field;  // the field's key
  std::string
      about;  // the field's key, "person": the number is another person's, or "again": all of it was typed before
  std::string sentence;  // what is odd, and what to type if it is wrong
};

/// Those that nobody has said of that the paper has it so.
[[nodiscard]] std::vector<Doubt> open_doubts(const Answers& answers, const Known& known);

/// "The paper has it so": of what is typed now, and no longer when that is changed.
void confirm(Answers& answers, std::string_view about);
/// The answer's key by which a form says the same; its value is what is typed in the field.
[[nodiscard]] std::string confirmed_key(std::string_view about);
[[nodiscard]] bool is_confirmed_key(std::string_view key);

/// At a terminal and in a pipe "=VALUE" says so of these fields.
[[nodiscard]] bool can_be_doubted(std::string_view field);

}  // namespace lastgood::backentry
