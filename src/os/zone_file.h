// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The system's time zone database: the only door to it.
#pragma once

#include <string>

#include "base/result.h"

namespace lastgood::os {

/// The bytes of the file of a zone ("Asia/Kolkata"). ErrorCode::misuse for what is no name of a zone, not_found where
/// the database lacks it or is not installed (package tzdata).
[[nodiscard]] base::Result<std::string> read_zone_file(const std::string& name);

}  // namespace lastgood::os
