// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Contents that wait for a verdict, and the threads that give it, in the order in which they lie in the store.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "casefile/recorder.h"
#include "inspect/inspect_content.h"
#include "model/tree_entry.h"
#include "recovery/judge_backup.h"
#include "sources/source.h"

namespace lastgood::recovery {

struct PendingContent {
  model::ContentRef content;
  std::uint64_t position = 0;
  std::string path;  // in the case: "/SOURCE/SNAPSHOT/PATH"
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
};

enum class JudgeEnd : std::uint8_t { complete, cancelled };

/// Judges all of `pending` (in any order) and records them. Returns when all are recorded, or when asked to stop.
[[nodiscard]] base::Result<JudgeEnd> judge_contents(std::vector<PendingContent> pending, sources::Source& source,
                                                    const inspect::InspectOptions& options, unsigned threads,
                                                    casefile::Recorder& recorder, JudgeProgress& progress);

}  // namespace lastgood::recovery
