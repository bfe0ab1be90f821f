// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The commands, their sub-commands and options as they were declared: what help, manual pages and completion are made
// of.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"

namespace lastgood::cli {

/// All commands, declared and not to be run; `context` must outlive it.
[[nodiscard]] std::unique_ptr<CLI::App> declare_all(Context& context);

/// Its sub-commands that have a name.
[[nodiscard]] std::vector<const CLI::App*> words_below(const CLI::App& app);

/// The one of "services check", also written "services-check". Null: there is none.
[[nodiscard]] const CLI::App* find_command(const CLI::App& app, const std::vector<std::string>& words);

[[nodiscard]] Failure no_such_command(const std::vector<std::string>& words);

/// What an option takes where only some values are: {"hl7", "csv"}.
[[nodiscard]] std::vector<std::string> values_of(const CLI::Option& option);
}  // namespace lastgood::cli
