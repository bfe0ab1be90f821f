// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Padding: how far zeros go on from an offset.
#pragma once

#include <cstdint>

#include "formats/walk_input.h"

namespace lastgood::formats {

/// Number of zero bytes from `from` on, at most `bytes_max`; holes are not read. Ends early when a limit says so.
std::uint64_t zero_run_bytes(WalkInput& input, std::uint64_t from, std::uint64_t bytes_max = UINT64_MAX);

}  // namespace lastgood::formats
