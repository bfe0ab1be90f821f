// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Walks one JPEG stream from SOI to EOI, as a file of its own or inside another (ITU-T T.81, annex B; T.87 for
// JPEG-LS).
#pragma once

#include <cstdint>

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// How scans are looked at.
enum class JpegEffort : std::uint8_t {
  sampled,  // segments, and windows of the scans; falls back to `bytes` when a window is not as it should be
  bytes,    // segments, and every 0xFF of the scans
  decoded,  // and every code word, where the process allows it
};

struct JpegStream {
  std::uint64_t end_bytes = 0;  // behind EOI; where the walk ended when there is none
  bool is_closed = false;       // EOI was reached
  bool stopped = false;         // by a limit
  bool is_decoded = false;      // every scan was decoded to its announced end
  std::uint64_t segments = 0;
  std::uint64_t scans = 0;
  std::uint64_t units = 0;  // MCUs decoded
  std::uint32_t width = 0;
  std::uint32_t height = 0;
};

/// True when a JPEG stream may begin here: SOI, then a marker that may follow it.
bool begins_jpeg_stream(base::ByteView head);

/// Walks [from, to). Adds regions, and a finding for every broken rule; the caller adds the one that says it holds.
JpegStream walk_jpeg_stream(WalkInput& input, std::uint64_t from, std::uint64_t to, JpegEffort effort,
                            WalkReport& report);

}  // namespace lastgood::formats
