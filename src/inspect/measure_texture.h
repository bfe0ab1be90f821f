// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Maps which parts of a content look random: block by block, or at places drawn from the case's secret seed.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/walk_input.h"
#include "model/region.h"
#include "verdict/facts.h"

namespace lastgood::inspect {

/// Contents in memory and everything at Depth::full are measured whole; of larger ones samples first, and all blocks
/// when the samples disagree with each other and the content is at most k_map_bytes_max.
verdict::TextureFact measure_texture(formats::WalkInput& input, std::uint64_t seed);

/// Random runs of 4 KiB and more inside the regions a walker called plain; sampled beyond memory unless at Depth::full.
std::vector<model::ByteRange> find_random_in_plain(formats::WalkInput& input,
                                                   const std::vector<model::Region>& regions);

inline constexpr std::uint64_t k_map_bytes_max = 64ULL * 1024 * 1024;

}  // namespace lastgood::inspect
