// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tags before and behind MPEG audio: ID3v1, ID3v2 (id3.org), APEv2, Lyrics3.
#pragma once

#include <cstdint>

#include "formats/walk_input.h"

namespace lastgood::formats {

/// Length of the ID3v2 tag at the beginning of `bytes`, header included; 0 when there is none.
std::uint64_t id3v2_bytes(base::ByteView bytes);

/// Where the tags at the end of the content begin, but not before `from`.
std::uint64_t find_closing_tags(const WalkInput& input, std::uint64_t from);

}  // namespace lastgood::formats
