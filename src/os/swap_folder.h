// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A folder that was made aside takes the place of one that is used: given to that one's owner, on disk, then exchanged
// in one step. Nothing is overwritten: the one that was used is kept under another name. Linux only.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace lastgood::os {

struct FolderOwner {
  std::uint32_t user_id = 0;
  std::uint32_t group_id = 0;
  std::uint32_t mode = 0;  // permission bits
};

/// Of a folder; a link in its place is ErrorCode::misuse.
[[nodiscard]] base::Result<FolderOwner> folder_owner(const std::string& path);

/// Gives everything below `path` to the owner, and `path` itself also the mode. Links are given, never followed; other
/// file systems are not entered. ErrorCode::limit_reached beyond 10 million names or 256 levels.
[[nodiscard]] base::Status give_tree(const std::string& path, const FolderOwner& owner);

/// `made` gets the name `used`, and what was `used` the name `aside`, which must be free. All in folders of one file
/// system, which is synced first. A kill leaves one of: nothing done; exchanged, with the old one still named `made`;
/// done.
[[nodiscard]] base::Status swap_folders(const std::string& made, const std::string& used, const std::string& aside);

}  // namespace lastgood::os
