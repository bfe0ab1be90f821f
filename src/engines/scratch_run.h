// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What starting PostgreSQL and MariaDB share: copying what is on a list, and what is said of the start.
// Private to engines/.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/scratch_server.h"
#include "engines/start_scratch.h"
#include "os/scratch_tree.h"

namespace lastgood::engines {

/// Copies regular files below `folder` of `view` whose path `is_wanted`, to `into` in the tree. Links are left out.
[[nodiscard]] base::Status copy_files(const UnitView& view, const std::string& folder, os::ScratchTree& tree,
                                      const std::string& into,
                                      const std::function<bool(std::string_view path)>& is_wanted);

/// Of a start that failed: a report when the copy or the engine on it is the reason, the error when we are.
[[nodiscard]] base::Result<ScratchReport> report_not_started(const base::Error& error);
/// Of one that went well; what could not be copied is complained about.
[[nodiscard]] ScratchReport report_started(const ScratchStart& start);

/// A program that is there; empty when none of the paths is.
[[nodiscard]] std::string find_program(const std::vector<std::string>& paths);

}  // namespace lastgood::engines
