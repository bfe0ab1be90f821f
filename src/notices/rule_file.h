// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A rule of law about notices, as a data file that people without a compiler can mend: share/notices/*.json. Each says
// where it comes from and of when it is. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lastgood::notices {

/// By when. Nothing set: a rule without a time limit.
struct Clock {
  bool without_delay = false;
  std::optional<std::int64_t> seconds;  // counted from `after`
  std::optional<int> months;            // instead of seconds: to the same day of a later month, or its last
  std::string after;                    // id of another stage: from its own deadline; empty: from becoming aware
  std::string note;                     // what the numbers do not say
};

/// One field of a notice: from the case by the name of a statement, or to be written by a person.
struct RuleField {
  std::string label;
  std::string from;    // "systems.affected"; empty: by a person
  std::string person;  // what a person must write
};

struct Stage {
  std::string id;
  std::string title;
  std::string to;  // who gets this one; empty: the rule's authority
  Clock clock;
  std::vector<RuleField> fields;
};

struct Rule {
  std::string id;
  std::string title;
  std::string authority;
  std::string country;
  std::string law;
  std::string source;
  std::string as_of;    // date of what is written here
  std::string checked;  // how far its source was read
  std::string channel;
  std::string applies;  // when it does: for a person to decide
  std::vector<Stage> stages;
};

inline constexpr std::uint64_t k_rule_bytes_max = 1U << 20U;

/// `name` is for errors. ErrorCode::misuse with what is wrong: a missing or unknown member, a stage that comes after
/// itself, a statement that no case makes.
[[nodiscard]] base::Result<Rule> parse_rule(std::string_view json, const std::string& name);

}  // namespace lastgood::notices
