// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The door to this folder: a restic repository, version 1 or 2, local or behind a REST server, as a Source.
#pragma once

#include <memory>
#include <string>

#include "sources/open_source.h"

namespace lastgood::sources::restic {

/// `location` is an absolute path or "rest:http://[user:password@]host[:port]/path". Snapshots are listed before
/// indexes are read, so that a backup that runs meanwhile cannot make a snapshot seem broken. Reads all indexes: a
/// second for a million blobs. Errors as open_source.h says; ErrorCode::busy_retry where a server does not answer.
[[nodiscard]] base::Result<std::unique_ptr<Source>> open_restic(const std::string& location,
                                                                const SourceSecrets& secrets,
                                                                const OpenOptions& options);

}  // namespace lastgood::sources::restic
