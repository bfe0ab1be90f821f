// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Durations as people write them in the services file.
#pragma once

#include <optional>
#include <string_view>

namespace lastgood::services {

/// "90s", "15m", "4h", "1d", and several of them from the largest down ("1h30m"), in seconds. Nothing: anything else,
/// and more than ten years.
[[nodiscard]] std::optional<double> parse_duration(std::string_view text);

}  // namespace lastgood::services
