// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which parts of a content the text scan looks at.
#pragma once

#include <vector>

#include "formats/walk_input.h"
#include "model/finding.h"

namespace lastgood::formats {

enum class Places : std::uint8_t { all, sampled };

/// Head, tail and evenly spread places of 4 KiB whose exact offsets follow from the input's seed; ascending, apart from
/// each other. The whole content where that is small or the depth demands it.
std::vector<model::ByteRange> text_places(const WalkInput& input, Places places);

}  // namespace lastgood::formats
