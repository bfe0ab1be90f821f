// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lastgood::casefile {

/// How model::Scan::options begins where no name was left out: such a scan, once finished, has seen all of each folder.
inline constexpr std::string_view k_all_names = "includes=;excludes=;";

}  // namespace lastgood::casefile
