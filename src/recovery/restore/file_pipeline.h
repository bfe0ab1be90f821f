// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Restores regular files: several threads write, one commits. A batch of files passes through four stations:
//
//   written (no names yet) -> synced -> [in place: journal and ledger say what will move] -> named -> synced -> done
//
// so that no name ever stands for bytes that a power cut could take, and "done" is never said too early. One sync
// serves the batches that were written and those that were named; what is written and not yet done is limited to
// k_unsynced_bytes_max. Large files pass as segments and then, whole, like a batch of one.
#pragma once

#include <vector>

#include "recovery/restore/restore_run.h"

namespace lastgood::recovery::restore {

/// `files`: indexes in RestoreItems::files, in the order they are to be read. Errors stop the restore. After a cancel
/// it returns with what was named being done.
[[nodiscard]] base::Status restore_files(RestoreRun& run, std::vector<std::uint32_t> files);

}  // namespace lastgood::recovery::restore
