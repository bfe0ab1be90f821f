// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The strips or tiles of one TIFF picture: where they lie and, where that is known, whether they decode.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/tiff/tiff_directory.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// One strip, tile or other block of bytes that a directory points at.
struct TiffBlock {
  model::ByteRange range;
  model::RegionKind kind = model::RegionKind::plain;
};

struct TiffStrips {
  std::vector<TiffBlock> blocks;
  std::uint64_t count = 0;
  std::uint64_t decoded = 0;
};

/// Adds a finding for every block that lies outside the content or does not decode.
TiffStrips check_tiff_strips(WalkInput& input, const TiffDirectory& directory, const TiffWriting& writing,
                             WalkReport& report);

}  // namespace lastgood::formats
