// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Finds the key that a repository needs and opens it with what a person gave.
#pragma once

#include "sources/borg/repo_config.h"
#include "sources/borg/repo_key.h"
#include "sources/open_source.h"

namespace lastgood::sources::borg {

/// Wrong password: ErrorCode::denied. Password or key file not given: ErrorCode::misuse. Each with a hint.
[[nodiscard]] base::Result<RepoKey> open_key(KeyKind kind, const RepoConfig& config, const SourceSecrets& secrets,
                                             const std::string& location);

}  // namespace lastgood::sources::borg
