// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The terminal, and a person's wish to stop.
#pragma once

#include <cstdint>

namespace lastgood::os {

enum class Stream : std::uint8_t { out, err };

[[nodiscard]] bool is_terminal(Stream stream);
/// Columns of the terminal on stderr; 80 when it has none.
[[nodiscard]] unsigned terminal_columns();

/// From now on Ctrl-C and SIGTERM only set a flag; the second Ctrl-C ends the program at once.
void catch_stop_signals();
[[nodiscard]] bool stop_requested();

/// As many open files as the system allows: a scan keeps one folder open for each waiting batch.
void raise_open_file_limit();

}  // namespace lastgood::os
