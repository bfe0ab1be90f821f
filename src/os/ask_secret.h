// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace lastgood::os {

/// Asks on the terminal itself (/dev/tty), without showing what is typed; standard input and output may be pipes.
/// Nothing: there is no terminal, or nothing was typed.
[[nodiscard]] std::optional<std::string> ask_secret(const std::string& question);

/// The same, showing what is typed: one line of text.
[[nodiscard]] std::optional<std::string> ask_text(const std::string& question);

}  // namespace lastgood::os
