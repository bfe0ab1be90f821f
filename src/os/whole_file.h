// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A regular file as a whole, for files of the program's own world: data sets, rules, answers that a person saved.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace lastgood::os {

/// Opened like evidence: read-only, no link followed at its end. ErrorCode::limit_reached above `bytes_max`.
[[nodiscard]] base::Result<std::vector<std::uint8_t>> read_whole_file(const std::string& path, std::uint64_t bytes_max);

}  // namespace lastgood::os
