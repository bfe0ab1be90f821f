// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "os/evidence.h"

namespace lastgood::evidence {

struct WalkedName {
  std::string path;  // below the root
  os::FileKind kind = os::FileKind::other;
  std::uint64_t size_bytes = 0;
  std::string why;  // not empty: its folder or status could not be read
};

/// Everything below `root` but folders, folder by folder, names in byte order; what cannot be read is named with its
/// reason. Never follows a link, never leaves the root's file system. Memory: one folder's names and the folders to
/// come. The folder `left_out` (below the root; empty: none) is named, as a directory, and not entered.
[[nodiscard]] base::Status walk_names(const os::Descriptor& root, const std::string& left_out,
                                      const std::function<base::Status(WalkedName name)>& visitor);

}  // namespace lastgood::evidence
