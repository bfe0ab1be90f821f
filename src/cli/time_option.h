// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace lastgood::cli {

/// "2022-11-22T03:00:00Z", with any zone, or the date alone (midnight UTC); "" is 0. `option` is named in the error.
[[nodiscard]] base::Result<std::int64_t> parse_time_option(const std::string& option, const std::string& text);

}  // namespace lastgood::cli
