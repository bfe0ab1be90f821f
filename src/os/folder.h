// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Folders of our own: the case and what it keeps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"

namespace lastgood::os {

enum class WhenThere : std::uint8_t { refuse, accept };

/// Makes the last part of `path`, for its owner only (mode 0700), and puts its name on disk. A folder that is there
/// already is ErrorCode::misuse, or accepted as it is; anything else under that name is always refused.
[[nodiscard]] base::Status make_private_folder(const std::string& path, WhenThere when_there);

/// Puts the names in a folder on disk: fsync(2) of a file does not do that for its name.
[[nodiscard]] base::Status sync_folder(const std::string& path);

/// Which file system it lies on, as stat(2) numbers them; nothing where it cannot be looked at.
[[nodiscard]] std::optional<std::uint64_t> device_of_folder(const std::string& path);

/// `path` as an absolute one without links, "." or "..". An error unless it is a folder.
[[nodiscard]] base::Result<std::string> resolve_folder(const std::string& path);

}  // namespace lastgood::os
