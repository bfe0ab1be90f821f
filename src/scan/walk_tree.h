// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Judges every regular file below the roots.
#pragma once

#include "base/result.h"
#include "casefile/recorder.h"
#include "inspect/file_search.h"
#include "inspect/inspect_content.h"
#include "scan/scan_request.h"

namespace lastgood::scan {

/// Everything found goes to `recorder`. An error means that results can no longer be kept (or a root cannot be opened);
/// trouble with single files and folders is recorded instead. `search` may be null.
/// Resume::yes leaves files alone that the recorder's scan has stored and that did not change since.
[[nodiscard]] base::Result<walk::WalkEnd> walk_tree(const ScanRequest& request, const inspect::InspectOptions& options,
                                                    inspect::FileSearch* search, casefile::Recorder& recorder,
                                                    ScanProgress& progress);

}  // namespace lastgood::scan
