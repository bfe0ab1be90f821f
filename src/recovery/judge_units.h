// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The units of every snapshot, checked; one that did not change between snapshots is checked once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/backup_record.h"
#include "recovery/judge_backup.h"
#include "recovery/tree_index.h"
#include "sources/source.h"

namespace lastgood::recovery {

/// The rule of a finding in JudgedUnit::findings: a program of this machine works in it, so that it is no backup.
inline constexpr std::string_view k_in_use_rule = "source.in-use";

/// For IndexSinks::units: which units a folder holds, or is.
[[nodiscard]] std::vector<FolderUnit> find_folder_units(sources::Source& source, const model::Snapshot& snapshot,
                                                        const std::string& path, const sources::Folder& folder);

/// By snapshot, then path. A unit that cannot be checked is there with the state "undecided". `names_in`: the zone
/// of snapshots' names that say none; empty: nobody has said it.
[[nodiscard]] base::Result<std::vector<model::JudgedUnit>> judge_units(const JudgeRequest& request,
                                                                       const TreeIndex& index, sources::Source& source,
                                                                       const std::vector<model::Snapshot>& snapshots,
                                                                       std::string_view names_in,
                                                                       JudgeProgress& progress);

}  // namespace lastgood::recovery
