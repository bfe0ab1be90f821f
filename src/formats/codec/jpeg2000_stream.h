// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Walks one JPEG 2000 codestream from SOC to EOC, as a file of its own or inside another (ITU-T T.800, annex A).
#pragma once

#include <cstdint>

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// How the data of tile-parts is looked at.
enum class Jpeg2000Effort : std::uint8_t {
  frame,  // markers and the chain of tile-parts
  bytes,  // and every 0xFF of the data
};

struct Jpeg2000Stream {
  std::uint64_t end_bytes = 0;  // behind EOC, or behind the last tile-part when EOC is missing
  bool is_closed = false;       // the tile-parts are complete
  bool stopped = false;         // by a limit
  std::uint64_t tile_parts = 0;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

bool begins_jpeg2000_stream(base::ByteView head);

/// Walks [from, to). Adds regions, and a finding for every broken rule; the caller adds the one that says it holds.
Jpeg2000Stream walk_jpeg2000_stream(WalkInput& input, std::uint64_t from, std::uint64_t to, Jpeg2000Effort effort,
                                    WalkReport& report);

}  // namespace lastgood::formats
