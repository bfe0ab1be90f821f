// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Runs another program to its end: no shell, an environment of our own, nothing on its standard input.
#pragma once

#include <span>
#include <string>

#include "base/result.h"

namespace lastgood::os {

struct ProgramEnd {
  int exit_code = 0;    // 128 + n when signal n ended it
  std::string printed;  // standard output and standard error together, the first 64 KiB
};

/// `arguments[0]` is the absolute path of the program. It sees PATH, HOME (= `home`) and LC_ALL only, and no open files
/// of ours. A program that cannot be started is an error; one that fails is not: its exit code says so. REQUIRES:
/// arguments is not empty.
[[nodiscard]] base::Result<ProgramEnd> run_program(std::span<const std::string> arguments, const std::string& home);

}  // namespace lastgood::os
