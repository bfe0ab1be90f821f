// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// From the paths of a plan to the entries of its snapshots. Each folder of a snapshot that leads to an item is read
// once. A content that is not the plan's is refused here; names are checked again, whoever checked them before.
#pragma once

#include <span>

#include "recovery/restore/folder_tree.h"
#include "recovery/restore/journal.h"
#include "recovery/restore/restore_item.h"

namespace lastgood::recovery::restore {

/// Leaves out regular files that the journal has as done. Fails when a source cannot list its snapshots.
[[nodiscard]] base::Result<RestoreItems> resolve_items(const Plan& plan, std::span<sources::Source* const> sources,
                                                       const RestoreRequest& request, const JournalState& journal,
                                                       FolderTree& tree, TroubleList& troubles);

}  // namespace lastgood::recovery::restore
