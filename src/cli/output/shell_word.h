// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Words of a command that a person can copy into a shell.
#pragma once

#include <string>
#include <string_view>

namespace lastgood::cli {

/// As it is where a shell takes it so, else in quotes; bytes that a terminal does not show as $'\xff'.
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace lastgood::cli
