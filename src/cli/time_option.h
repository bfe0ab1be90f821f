// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lastgood::cli {

/// "2022-11-22T03:00:00Z", with any zone, "2022-11-22 08:30" or the date alone (its midnight), both in `zone` as
/// "+05:30", empty: UTC; "" is 0. `option` is named in the error.
[[nodiscard]] base::Result<std::int64_t> parse_time_option(const std::string& option, const std::string& text,
                                                           std::string_view zone);

}  // namespace lastgood::cli
