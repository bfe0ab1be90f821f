// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace lastgood::cli {

enum class AskTwice : std::uint8_t { no, yes };

/// The first line of `file` or, where that is empty, what a person types on the terminal. Never empty.
[[nodiscard]] base::Result<std::string> read_passphrase(const std::string& file, AskTwice twice);

}  // namespace lastgood::cli
