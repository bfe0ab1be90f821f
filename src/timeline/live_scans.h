// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which scans of live trees tell of the attack, and which of them tells of a path that several have looked at.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"

namespace lastgood::timeline {

/// Which of several scans of the same places: `as_struck` is the newest that still sees at least half of the encrypted
/// files that any of them saw. What is told of the attack must not shrink when good files are back and the places are
/// scanned again.
enum class LiveScans : std::uint8_t { as_struck, newest };

struct LiveScan {
  model::Scan scan;
  /// Of the same machine, with roots above or below its own ("/srv" and "/srv/opd"): what they have looked at is told
  /// by them and not by this one.
  std::vector<model::Scan> before;
};

/// Scans of live trees, of each set of roots on a machine one, in the order they began. Where roots overlap, the newer
/// scan goes before, or by the rule of `as_struck` the older one; one that lies in such an older one is left out.
/// Passes over the encrypted files of overlaps, no others.
[[nodiscard]] base::Result<std::vector<LiveScan>> find_live_scans(casefile::CaseStore& store,
                                                                  LiveScans which = LiveScans::as_struck);

/// Files of the scan, in their order, but for those that one of `before` tells of: shown for all live scans, each path
/// of a machine comes once. Keeps the names of one folder. `filter` may choose anything but the scan.
[[nodiscard]] base::Status visit_live_files(casefile::CaseStore& store, const LiveScan& live,
                                            casefile::FileFilter filter, const casefile::FileVisitor& visitor);
[[nodiscard]] base::Status visit_live_sightings(casefile::CaseStore& store, const LiveScan& live,
                                                const casefile::SightingVisitor& visitor);

}  // namespace lastgood::timeline
