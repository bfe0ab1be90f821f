// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace lastgood::network {

/// "Hong Kong" for "HK"; empty for what is no code of a country ("ZZ", "EU").
[[nodiscard]] std::string_view country_name(std::string_view code);

}  // namespace lastgood::network
