// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// run: the whole command line: table, options, dispatch, errors to exit codes. The one place with a catch-all.
#pragma once

#include <iosfwd>
#include <span>

#include "cli/command.h"

namespace lastgood::cli {

int run(int argc, const char* const* argv, std::ostream& out, std::ostream& err);

/// The commands in the order people meet them.
std::span<const Command> commands();

/// Declares all commands on `app`, for help, man pages and completion as for a real run. `chosen` is set when one is
/// parsed.
void declare_commands(CLI::App& app, Context& context, Run& chosen);

}  // namespace lastgood::cli
