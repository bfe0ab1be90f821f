// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where counts lie: CASE/exposure/0001.json, 0002.json, ...
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace lastgood::exposure {

inline constexpr std::string_view k_results_folder = "exposure";
inline constexpr std::uint64_t k_results_format = 1;

/// "0001.json"
[[nodiscard]] std::string name_of_results(std::uint64_t number);
/// The highest number in the folder; 0: none, also where there is no folder.
[[nodiscard]] base::Result<std::uint64_t> find_newest(const std::string& folder);

}  // namespace lastgood::exposure
