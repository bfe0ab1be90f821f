// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The loss map: which bytes of which files no copy in any store could give.
#pragma once

#include "recovery/restore/restore_run.h"

namespace lastgood::recovery::restore {

/// Beside the journal, as lines of tab-separated text: "from  to  path  written"; numbers are bytes, `to` is one behind
/// the last. Nothing is written when nothing was lost; then an older map is emptied.
[[nodiscard]] base::Status write_loss_map(RestoreRun& run);

}  // namespace lastgood::recovery::restore
