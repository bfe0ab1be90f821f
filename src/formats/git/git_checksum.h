// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// git's files end with a digest of all bytes before it. Private to git.
#pragma once

#include <string_view>

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

enum class DigestState : std::uint8_t { fits, wrong, not_checked };

/// Compares the last 20 or 32 bytes before `end` with SHA-1 or SHA-256 of all before them, if depth and size are worth
/// reading all.
DigestState check_git_trailer(WalkInput& input, std::uint64_t end, std::uint64_t digest_bytes);

/// Adds the finding for `state` about a file of `kind` whose bytes from `from` on are only covered by the digest.
void report_git_trailer(WalkInput& input, WalkReport& report, DigestState state, std::string_view kind,
                        std::uint64_t from, std::uint64_t digest_bytes);

}  // namespace lastgood::formats
