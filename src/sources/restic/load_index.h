// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Reads all indexes of a repository, and the headers of those packs that no index tells in full.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/finding.h"
#include "sources/restic/blob_index.h"
#include "sources/restic/crypto.h"
#include "sources/restic/repository_files.h"

namespace lastgood::sources::restic {

struct LoadedIndex {
  BlobIndex index;
  std::vector<model::Finding> findings;  // indexes that are gone, cut or wrong; packs that are gone or cut
};

/// Index files are as large as this at most; restic ends them at 8 MiB.
inline constexpr std::size_t k_index_bytes_max = std::size_t{256} << 20;

/// Every broken thing is a finding; an error only where nothing can be listed at all, or a server stops to answer.
[[nodiscard]] base::Result<LoadedIndex> load_index(RepositoryFiles& files, const MasterKey& key);

/// An index, snapshot or config file opened and unpacked, with k_json_padding_bytes of padding behind its JSON.
/// ErrorCode::damaged_source says what is wrong with it, without its name.
[[nodiscard]] base::Result<std::vector<std::uint8_t>> open_json(const MasterKey& key,
                                                                const std::vector<std::uint8_t>& sealed,
                                                                std::size_t bytes_max);

}  // namespace lastgood::sources::restic
