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

/// How finely plain payload is looked at. Records and text are far from random in pieces of any size; noisy pixels and
/// loud sound may pass in small ones.
struct PlainGrain {
  std::size_t block_bytes = 0;  // divides 4096
  std::uint64_t run_bytes_min = 0;
};
inline constexpr PlainGrain k_record_grain{.block_bytes = 512, .run_bytes_min = 1024};
inline constexpr PlainGrain k_pixel_grain{.block_bytes = 1024, .run_bytes_min = 2048};
inline constexpr PlainGrain k_sound_grain{.block_bytes = 4096, .run_bytes_min = 4096};

/// Random runs inside the regions a walker called plain; sampled beyond memory unless at Depth::full.
std::vector<model::ByteRange> find_random_in_plain(formats::WalkInput& input, const std::vector<model::Region>& regions,
                                                   const PlainGrain& grain);

/// Random runs of whole pages of 4 KiB in the plain regions; reads all of them. The table that cryptographic libraries
/// are known to hold is left out.
std::vector<model::ByteRange> find_random_unexplained(formats::WalkInput& input,
                                                      const std::vector<model::Region>& regions);

inline constexpr std::uint64_t k_map_bytes_max = 64ULL * 1024 * 1024;

}  // namespace lastgood::inspect
