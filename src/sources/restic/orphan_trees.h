// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Trees that no snapshot and no other tree names: what is left of snapshots that were forgotten or deleted and not yet
// pruned, and of backups that were never finished. restic itself cannot show them.
#pragma once

#include <cstdint>
#include <vector>

#include "model/finding.h"
#include "sources/restic/blob_index.h"
#include "sources/restic/blob_reader.h"

namespace lastgood::sources::restic {

struct OrphanTree {
  BlobId id{};
  std::int64_t newest_mtime_ns = 0;  // of all that lies below; 0: nothing does
  std::int64_t stored_ns = 0;        // when its pack was stored; 0: unknown
};

struct OrphanSearch {
  std::vector<OrphanTree> orphans;
  std::vector<model::Finding> findings;  // trees that cannot be read
};

/// Reads every tree blob once, in the order they lie. `roots` are the trees of all snapshots, also of those that are
/// not to be shown. Memory: 24 bytes a tree and 8 for each folder in it.
[[nodiscard]] OrphanSearch find_orphan_trees(const BlobIndex& index, const BlobReader& reader,
                                             const std::vector<BlobId>& roots);

}  // namespace lastgood::sources::restic
