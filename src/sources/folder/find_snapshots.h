// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Looks which folders below a place are snapshots, and of what time each is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/snapshot.h"
#include "os/evidence.h"

namespace lastgood::sources::folder {

struct FoundSnapshots {
  std::vector<model::Snapshot> snapshots;  // root: path relative to the place, "." for the place itself
  std::vector<model::Finding> findings;    // about the place
  std::vector<std::string> hidden;         // names at the top of "." that hold snapshots and are not read as part of it
  std::string layout;                      // "one tree", "rsnapshot", "by date", ... for people
};

/// `place` is open at `path`. Snapshots come oldest first by time, then id. Nothing that looks like snapshots: the
/// place itself is the one snapshot, called ".". `names_in` is the zone of names that say none (name_time.h).
[[nodiscard]] base::Result<FoundSnapshots> find_snapshots(const os::Descriptor& place, const std::string& path,
                                                          std::string_view names_in);

}  // namespace lastgood::sources::folder
