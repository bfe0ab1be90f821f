// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// decide_verdict: pure. The same facts give the same verdict on every machine.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "verdict/facts.h"

namespace lastgood::verdict {

struct Judgement {
  model::Verdict verdict = model::Verdict::undecided;
  model::Certainty certainty = model::Certainty::weak;
  std::string format;
  std::vector<model::ByteRange> ranges;
  std::vector<model::Reason> reasons;
};

/// One rule: looks at the facts, answers or passes.
struct Rule {
  std::string_view id;
  std::string_view meaning;  // for people: what it decides, and what would change it
  std::optional<Judgement> (*apply)(const Facts& facts);
};

/// All rules in the order they are asked; the last one always answers.
std::span<const Rule> verdict_rules();

Judgement decide_verdict(const Facts& facts);

}  // namespace lastgood::verdict
