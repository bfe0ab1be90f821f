// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A folder with every shape that a backup has to keep: sizes around the edges, holes, hard links, odd names, links to
// nowhere, modes, owners, attributes, ACLs, old and fine times. Made with ordinary system calls, the same each time.
#pragma once

#include <string>

#include "base/result.h"

namespace lastgood::sources::testing {

/// Fills the folder `path`, which is there and empty. Owners, capabilities, setuid and devices only for root. Every
/// time is set: the same tree is made each time, but for its status change times.
[[nodiscard]] base::Status make_reference_tree(const std::string& path);

/// How deep the folders below "deep" are nested.
inline constexpr int k_reference_depth = 40;

}  // namespace lastgood::sources::testing
