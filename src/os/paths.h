// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Paths as people give them.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace lastgood::os {

/// `path` as an absolute one: links of its folder part are resolved, its last part is kept as it is, "." and ".." are
/// gone. An error unless the thing itself is there.
[[nodiscard]] base::Result<std::string> absolute_path(const std::string& path);

/// Where an absolute `path` leads by the links in it, its last part too, as the system follows them; what is not there
/// is kept as it is written, and so is a link that goes round in a circle or cannot be read without a trace
/// (read_link_at).
[[nodiscard]] std::string follow_links(const std::string& path);

/// Folders in the current folder whose names end in `suffix`, sorted.
[[nodiscard]] base::Result<std::vector<std::string>> folders_here(std::string_view suffix);

}  // namespace lastgood::os
