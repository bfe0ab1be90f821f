// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Many files of our own in a new folder that nobody else writes to. Nothing that was there before is ever written to,
// and none has its name before all of it is on disk; the names are put there together at the end, which spares a slow
// stick half of the waits.
#pragma once

#include <string>
#include <vector>

#include "base/byte_view.h"
#include "base/result.h"

namespace lastgood::os {

/// A regular file, mode 0600, that was not there: written beside as PATH.part, synced, renamed. Its name is not surely
/// on disk before sync_names_below. On a full disk nothing stays.
[[nodiscard]] base::Status write_fresh_file(const std::string& path, base::ByteView bytes);

/// Puts the names of all files and folders below `folder`, and its own, on disk. Not what others write to the same file
/// system: a restore beside may have gigabytes on their way.
[[nodiscard]] base::Status sync_names_below(const std::string& folder);

/// Lets the link `link` lead to `target` (a name beside it), in one step. ErrorCode::unsupported where the file system
/// has no links; ErrorCode::misuse when something that is no link has that name.
[[nodiscard]] base::Status switch_link(const std::string& link, const std::string& target);

/// Removes a folder of ours with all in it. Links in it are removed, not followed; `folder` itself may not be one.
[[nodiscard]] base::Status remove_own_folder(const std::string& folder);

}  // namespace lastgood::os
