// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Numbers with what they count.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lastgood::base {

/// "1 row", "2 rows", "1 234 rows"; `many` where it is not `one` with an s.
std::string counted(std::uint64_t count, std::string_view one, std::string_view many = {});

}  // namespace lastgood::base
