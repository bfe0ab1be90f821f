// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Folders: made bare (mode 0700) before anything is in them, given what they carry from the bottom up when all is.
#pragma once

#include <vector>

#include "recovery/restore/restore_run.h"

namespace lastgood::recovery::restore {

/// Finds the file systems below the target and numbers the folders of our own on each. REQUIRES: before any thread.
[[nodiscard]] base::Status prepare_own_folders(RestoreRun& run);

/// By index in RestoreItems::folders: 1 where this restore made the folder, now or in an earlier run.
using FoldersMade = std::vector<std::uint8_t>;
[[nodiscard]] base::Result<FoldersMade> make_folders(RestoreRun& run);

/// Owner, mode, attributes, times and flags of `folders` (indexes in RestoreItems::folders, parents first) that we
/// made.
[[nodiscard]] base::Status finish_folders(RestoreRun& run, const FoldersMade& made,
                                          const std::vector<std::uint32_t>& folders);

/// Removes the parts folders when nothing is left in them.
[[nodiscard]] base::Status remove_own_folders(RestoreRun& run);

}  // namespace lastgood::recovery::restore
