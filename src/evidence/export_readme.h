// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "evidence/custody.h"
#include "ledger/kept_heads.h"

namespace lastgood::evidence {

enum class HasChecker : std::uint8_t { no, yes };

struct ReadmeInput {
  std::string case_id;
  const ledger::NotedHeads& noted;
  const std::vector<EvidenceItem>& items;
  HasChecker checker = HasChecker::no;
};

/// What is in the folder, and plain steps that check it, each with what it answers. Every line that begins with
/// "    $ " is a command that must end well; the tests run them all.
std::string write_export_readme(const ReadmeInput& input);

}  // namespace lastgood::evidence
