// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which of two forms of one segment is the better one. Private to engines/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engines/unit.h"

namespace lastgood::engines::postgresql {

/// How many bytes of the segment at `path` of `view`, which `name` stands for, its records can be followed; 0: none, or
/// it is no segment. Reads all of it.
[[nodiscard]] std::uint64_t measure_segment_reach(const UnitView& view, const std::string& path, std::string_view name);

}  // namespace lastgood::engines::postgresql
