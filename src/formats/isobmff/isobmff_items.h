// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Items of a HEIF or AVIF picture: where they lie, and whether coded ones hold together (ISO/IEC 14496-12,
// section 8.11).
#pragma once

#include <cstdint>
#include <span>

#include "formats/isobmff/isobmff_box.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

struct IsoItemCount {
  std::uint64_t extents = 0;
  std::uint64_t checked = 0;
};

/// `meta`: the top-level box; `media`: payloads that items may lie in, ascending.
IsoItemCount check_iso_items(WalkInput& input, const IsoBox& meta, std::span<const model::ByteRange> media,
                             WalkReport& report);

}  // namespace lastgood::formats
