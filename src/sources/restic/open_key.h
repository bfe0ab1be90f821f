// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// From secrets to the master key of a repository.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/finding.h"
#include "sources/open_source.h"
#include "sources/restic/crypto.h"
#include "sources/restic/repository_files.h"

namespace lastgood::sources::restic {

/// Keys that are tried before giving up: each costs half a second and up to a GiB.
inline constexpr std::size_t k_keys_max = 20;

struct OpenedKey {
  MasterKey key;
  std::vector<model::Finding> findings;  // key files that are broken or ask for too much
};

/// The escrowed master key where there is one, else the first key file that the password opens. ErrorCode::denied,
/// ErrorCode::misuse, ErrorCode::not_found (no key files at all) with a hint each.
[[nodiscard]] base::Result<OpenedKey> open_key(RepositoryFiles& files, const SourceSecrets& secrets);

}  // namespace lastgood::sources::restic
