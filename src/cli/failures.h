// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Whose failure it is, as an exit code, and what a person does about it where nobody closer to it said so.
#pragma once

#include <string_view>

#include "cli/command.h"
#include "recovery/opened_source.h"

namespace lastgood::cli {

/// For a source that could not be opened or read. A full disk is never the source's: it is the case's.
[[nodiscard]] ExitCode exit_code_of_source_error(base::ErrorCode code);

/// A failure about a path below the case's folder is the case's or the ledger's; any other one is `otherwise`.
[[nodiscard]] Failure failure_of(base::Error error, std::string_view case_folder, ExitCode otherwise);

/// Whether an error is about `folder` or what lies below it.
[[nodiscard]] bool is_about(const base::Error& error, std::string_view folder);

/// For people, when an error has no hint of its own; empty where nothing general can be said.
[[nodiscard]] std::string_view hint_for(ExitCode code);

/// "lastgood: error: ..." and a hint, for what failed while the rest goes on.
void print_failure(const Context& context, const base::Error& error, ExitCode code);

/// Sources that could not be opened while others could.
void print_unopened(const Context& context, const recovery::OpenedSources& sources);
/// Those that have lost what they had.
void print_shrunk(const Context& context, const recovery::OpenedSources& sources);

}  // namespace lastgood::cli
