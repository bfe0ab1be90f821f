// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the verdicts of contents come to in each snapshot, and what changed between snapshots. Each different folder is
// counted once. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/file_record.h"
#include "recovery/tree_index.h"

namespace lastgood::recovery {

/// By content number; nothing: not judged.
using Verdicts = std::vector<std::optional<model::Verdict>>;

struct SnapshotCounts {
  model::ScanCounts counts;  // files with a verdict
  std::uint64_t open = 0;    // files without
};

struct SnapshotChanges {
  std::uint64_t added = 0;
  std::uint64_t changed = 0;
  std::uint64_t removed = 0;
};

/// One row per snapshot of the index, in its order. REQUIRES: `verdicts` has a row for each content.
[[nodiscard]] std::vector<SnapshotCounts> count_snapshots(const TreeIndex& index, const Verdicts& verdicts,
                                                          std::size_t snapshots);

/// From one root folder to another; either may be k_none (nothing).
[[nodiscard]] SnapshotChanges count_changes(const TreeIndex& index, std::uint32_t before, std::uint32_t after);

}  // namespace lastgood::recovery
