// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Walks the roots with many threads and judges every regular file: a disk with a deep queue is fastest when many reads
// wait at once, and two cores have time for many threads that wait.
#pragma once

#include "base/result.h"
#include "casefile/recorder.h"
#include "inspect/inspect_content.h"
#include "scan/scan_request.h"

namespace lastgood::scan {

enum class WalkEnd : std::uint8_t { complete, cancelled };

/// Everything found goes to `recorder`. An error means that results can no longer be kept (or a root cannot be opened);
/// trouble with single files and folders is recorded instead. Resume::yes leaves files
/// alone that the recorder's scan has stored and that did not change since.
[[nodiscard]] base::Result<WalkEnd> walk_tree(const ScanRequest& request, const inspect::InspectOptions& options,
                                              Resume resume, casefile::Recorder& recorder, ScanProgress& progress);

}  // namespace lastgood::scan
