// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The folders of one server's saved logs as one: what backups have of the archive, the archive on the server, the
// database's own pg_wal, which alone has the last commits.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::engines {

/// Each file from the folder in which it begins as a log of its name does; of those the longest, because a binary log
/// only grows; of those the first. Segments that a server keeps for later use in its own pg_wal are not there, nor is
/// its archive_status. Reads the folders' names and the first bytes of what several have. Any thread; the folders
/// outlive it. An Error: one of the folders cannot be listed.
[[nodiscard]] base::Result<std::unique_ptr<UnitView>> join_log_folders(const std::vector<const UnitView*>& folders);

}  // namespace lastgood::engines
