// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which program works in a folder: a database server whose folder is exchanged under it goes on writing to the old one.
#pragma once

#include <optional>
#include <string>

namespace lastgood::os {

struct FolderUser {
  long process_id = 0;
  std::string name;  // "postgres", as the kernel has it
};

/// A process whose working folder is `folder`, or that has a file open which lies in it (not below). By device and
/// inode, so that it is found behind another mount, too. nullopt: none that this process may see; only root sees all.
/// This program itself is none, whoever runs it.
[[nodiscard]] std::optional<FolderUser> find_folder_user(const std::string& folder);

}  // namespace lastgood::os
