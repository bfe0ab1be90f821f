// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Files that are installed with the program.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace lastgood::os {

/// The path of `name` in ../share/lastgood beside the running program, or in the source tree it was built from. Found
/// from the program itself, never from the environment.
[[nodiscard]] base::Result<std::string> find_program_file(std::string_view name);

}  // namespace lastgood::os
