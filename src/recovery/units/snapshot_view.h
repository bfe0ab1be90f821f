// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One snapshot of a source as the UnitView that unit checks read through: a database in a backup is judged where it
// lies, before anything is restored.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engines/unit.h"
#include "model/snapshot.h"
#include "sources/source.h"

namespace lastgood::recovery {

/// Paths in the snapshot at which the folder may lie that a link leads to, likeliest first. Any thread.
using OutsideLookup = std::function<std::vector<std::string>(std::string_view target)>;

/// Shows `snapshot` from its folder `path` ("" or "/": the whole) on. Links that lead out of it are looked up in the
/// same snapshot, where `outside` says; without it at their absolute path. Any thread; the source outlives the view.
/// ErrorCode::not_found when there is no such folder.
[[nodiscard]] base::Result<std::unique_ptr<engines::UnitView>> open_snapshot_view(sources::Source& source,
                                                                                  const model::Snapshot& snapshot,
                                                                                  const std::string& path,
                                                                                  OutsideLookup outside = nullptr);

}  // namespace lastgood::recovery
