// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The folders of one server's saved logs as one: what backups have of the archive, the archive on the server, the
// database's own pg_wal, which alone has the last commits.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::engines {

/// Each file from the folder in which it begins as a log of its name does and can be followed furthest: a binary log
/// grows after it was saved, and any of them may be struck within. Of equally good ones the first's. Segments that a
/// server keeps for later use in its own pg_wal are not there, nor is its archive_status. Reads the folders' names and
/// the first bytes of what several have, and all of these once they are opened and differ. Any thread; the folders
/// outlive it. An Error: one of the folders cannot be listed.
[[nodiscard]] base::Result<std::unique_ptr<UnitView>> join_log_folders(const std::vector<const UnitView*>& folders);

/// The last log file of `folder` by its name, without what a compressor added to it, of those that begin as one: a
/// server's own log has files for later use behind it. Empty: there is none that is called as servers call them.
[[nodiscard]] std::string find_last_log(const UnitView& folder);
/// Whether any file of `folder`, or a folder of segments in it, is called as one of a log is.
[[nodiscard]] bool has_log_names(const UnitView& folder);
/// Bytes of all files of `folder`, and of folders of segments in it, that may have to be put somewhere to be replayed.
/// Of what is packed, by its name, as many as a server writes to one log at most: nobody knows before it is unpacked.
[[nodiscard]] std::uint64_t count_log_bytes(const UnitView& folder);

}  // namespace lastgood::engines
