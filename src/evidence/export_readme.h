// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "ledger/kept_heads.h"

namespace lastgood::evidence {

enum class HasChecker : std::uint8_t { no, yes };

/// Plain steps. Every line that begins with "    $ " is a command that must end well; the tests run them all.
std::string write_export_readme(const ledger::NotedHeads& noted, HasChecker checker,
                                const std::vector<std::string>& ids_with_files);

}  // namespace lastgood::evidence
