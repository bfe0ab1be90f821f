// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The objects of a git pack, one after the other. Private to git.
#pragma once

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// Decodes objects from byte 12 on until all of them, `budget_bytes` or a limit is reached, and says what was found.
/// Where the content is longer than its objects and their digest, `end_bytes` says so.
void walk_pack_objects(WalkInput& input, WalkReport& report, std::uint64_t budget_bytes);

}  // namespace lastgood::formats
