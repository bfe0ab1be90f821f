// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Recall as a scan has it: files are judged alone first, then by what they share with each other.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "drill/damage_patterns.h"
#include "inspect/inspect_content.h"
#include "recall_table.h"

namespace lastgood::bench {

/// Whether the attack leaves a ransom note in each folder, as nearly all do.
enum class Notes : std::uint8_t { left, none };

struct InScansOptions {
  inspect::InspectOptions inspect;
  Notes notes = Notes::left;
  unsigned threads = 2;
  std::size_t missed_max = 2000;
};

/// For each pattern a scan of its own: four of five files under the pattern, every fifth as it is, in memory and in a
/// case store in memory. Innocent files that a campaign accuses stand under the row "innocent". Files that are not
/// called intact or protected to begin with are left out.
RecallTable measure_in_scans(const std::vector<std::filesystem::path>& files,
                             const std::vector<const drill::DamagePattern*>& patterns, const InScansOptions& options);

}  // namespace lastgood::bench
