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

/// How many paths lie below folders of one index. Folders named by content can be stood in each other many times, so
/// that a few of them make more paths than any disk holds.
class PathCounter {
 public:
  /// At most UINT64_MAX. What was counted before is not looked at again; a folder inside itself counts as empty there.
  std::uint64_t count_below(const TreeIndex& index, std::uint32_t root);

 private:
  std::vector<std::uint64_t> below_;  // by folder
  std::vector<bool> marks_;
};

/// Up to so many paths nothing is strange; beyond, in real trees hardly any folder stands in more than some places.
inline constexpr std::uint64_t k_paths_always = 1'000'000;
inline constexpr std::uint64_t k_ways_to_an_entry_max = 100;
/// Whether `paths` made of `entries` different ones are a trap, not a tree.
[[nodiscard]] inline bool is_trap_of_paths(std::uint64_t paths, std::uint64_t entries) {
  return paths > k_paths_always && paths / k_ways_to_an_entry_max > entries;
}

/// From one root folder to another; either may be k_none (nothing).
[[nodiscard]] SnapshotChanges count_changes(const TreeIndex& index, std::uint32_t before, std::uint32_t after);

}  // namespace lastgood::recovery
