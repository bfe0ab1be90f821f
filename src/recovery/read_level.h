// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Reads many folders of a source on several threads and gives them to one thread in the order they were asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "recovery/tree_index.h"
#include "sources/source.h"

namespace lastgood::recovery {

/// A folder that waits to be read.
struct WaitingFolder {
  std::string subtree;
  std::string path;          // in the snapshot, "" for the root
  std::uint32_t number = 0;  // in the index
  std::uint32_t depth = 0;
};

/// A folder that was read, with what does not depend on other folders.
struct ReadFolder {
  sources::Folder folder;
  std::vector<IndexedEntry> entries;  // sorted by name_hash; `number` is the place in folder.entries
  std::vector<FolderUnit> units;
};

/// FNV-1a with a final mix: names are compared within one folder only, and only to count changes.
[[nodiscard]] std::uint64_t hash_of_name(std::string_view name);

/// Calls `take` from this thread for each of `level`, in order; false ends it early. At most some hundred folders are
/// read ahead.
void read_level(sources::Source& source, std::uint32_t snapshot, std::span<const WaitingFolder> level,
                const IndexSinks& sinks,
                const std::function<bool(const WaitingFolder& waiting, base::Result<ReadFolder> read)>& take);

}  // namespace lastgood::recovery
