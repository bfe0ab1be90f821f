// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where in a snapshot a folder may lie that an absolute link of it leads to. A link says where it led on the victim,
// or, where a backup job wrote the copy ("pg_basebackup -T OLD=/backup/today/ts"), into the folder of the source
// itself. No path leads out of the snapshot.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engines/unit.h"
#include "model/backup_record.h"
#include "model/snapshot.h"
#include "sources/source.h"

namespace lastgood::recovery {

struct OutsidePath {
  std::string stored;  // absolute, in the snapshot
  /// Victim: it lay at the link's target on the victim, and belongs there again. Backup: only the backup had it there.
  enum class Of : std::uint8_t { victim, backup } of = Of::victim;
};

/// The likeliest first, at most four. Nothing for a target that is not absolute or has ".." in it. Pure.
[[nodiscard]] std::vector<OutsidePath> find_outside_paths(const model::BackupSource& source,
                                                          const model::Snapshot& snapshot, std::string_view target);

/// open_snapshot_view of a source of the case: what links lead to is looked up where find_outside_paths says.
[[nodiscard]] base::Result<std::unique_ptr<engines::UnitView>> open_source_view(const model::BackupSource& record,
                                                                                sources::Source& source,
                                                                                const model::Snapshot& snapshot,
                                                                                const std::string& path);

}  // namespace lastgood::recovery
