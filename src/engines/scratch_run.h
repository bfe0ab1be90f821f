// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What starting PostgreSQL and MariaDB share: copying what is on a list, and running a script of ours locked in.
// Private to engines/.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/start_scratch.h"
#include "os/scratch_tree.h"

namespace lastgood::engines {

/// Copies regular files below `folder` of `view` whose path `is_wanted`, to `into` in the tree. Links are left out.
[[nodiscard]] base::Status copy_files(const UnitView& view, const std::string& folder, os::ScratchTree& tree,
                                      const std::string& into,
                                      const std::function<bool(std::string_view path)>& is_wanted);

/// Runs `script` with /bin/sh and `arguments` as $1 and on, as an account without rights, without network, in a process
/// namespace that ends with it. The script prints "STARTED" when the engine answers and one "COMPLAINT ..." line per
/// finding; what it prints otherwise are the last words.
[[nodiscard]] base::Result<ScratchReport> run_locked_in(const std::string& script,
                                                        const std::vector<std::string>& arguments,
                                                        const os::ScratchTree& tree, int time_limit_s);

/// A program that is there; empty when none of the paths is.
[[nodiscard]] std::string find_program(const std::vector<std::string>& paths);

}  // namespace lastgood::engines
