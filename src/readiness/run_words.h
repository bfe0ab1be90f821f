// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a command of the services file would run or load, as far as its words say.
#pragma once

#include <string>
#include <vector>

namespace lastgood::readiness {

/// Its program; where one of its words is a shell, an interpreter or another program that runs others, also every word
/// that is a file, every file that begins as a program and stands behind '=' or within a text for a shell, every file
/// that such a text names right behind one of these, and what variables such as LD_PRELOAD and BASH_ENV are set to.
/// What a shell makes of variables, `cd` and patterns, and what a program finds by itself, no word says.
[[nodiscard]] std::vector<std::string> find_run_paths(const std::vector<std::string>& command);

}  // namespace lastgood::readiness
