// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which folders are snapshots, told by the names of siblings. Pure; find_snapshots.h looks at the disk.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lastgood::sources::folder {

enum class SnapshotRule : std::uint8_t { rsnapshot, shadow_copy, zfs_tool, date };

/// What a rule's names prove by themselves.
enum class NameProof : std::uint8_t {
  enough,          // nothing but a snapshot tool writes such names
  needs_likeness,  // archives by day have such names as well: neighbours must hold the same names to be snapshots
};

struct SnapshotRuleRow {
  SnapshotRule rule;
  std::string_view program;  // for model::Snapshot::program
  NameProof proof;
  std::string_view reason;  // why such a name is a snapshot's, for findings
};

[[nodiscard]] const SnapshotRuleRow& row_of(SnapshotRule rule);

/// The rule whose names look like `name`.
[[nodiscard]] std::optional<SnapshotRule> find_snapshot_rule(std::string_view name);

/// At least this many siblings must follow one rule where there are others: one folder with a date in its name among
/// them proves nothing.
inline constexpr std::size_t k_snapshot_siblings_min = 2;

/// The rule that makes snapshots of the folders called `names`: followed by two at least, and by more than follow none;
/// or by the only one there is, as on the first day of a backup.
[[nodiscard]] std::optional<SnapshotRule> decide_snapshot_rule(std::span<const std::string> names);

/// True when half of the names in the smaller of two sorted lists are in the other as well, one at least.
[[nodiscard]] bool are_alike(std::span<const std::string> names, std::span<const std::string> others);

}  // namespace lastgood::sources::folder
