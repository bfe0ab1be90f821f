// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The byte rule of JPEG scans: 0xFF is followed by a stuffed zero, by a restart marker in its turn, by filling or by a
// marker that may end a scan (ITU-T T.81, B.1.1.2 and B.1.1.5). Ciphertext breaks it every 300 bytes or so.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/codec/violation_ranges.h"
#include "formats/walk_input.h"

namespace lastgood::formats {

/// What may follow 0xFF inside a scan.
enum class JpegStuffing : std::uint8_t {
  byte,  // T.81: a zero byte
  bit,   // JPEG-LS: any byte below 0x80
};

struct JpegScanBytes {
  std::uint64_t end_bytes = 0;      // where the marker behind the scan begins, or where the range ended
  bool is_ended = false;            // by a marker
  std::vector<ViolationRange> bad;  // ascending
};

/// Looks at every 0xFF in [from, to).
JpegScanBytes check_jpeg_scan_bytes(WalkInput& input, std::uint64_t from, std::uint64_t to, JpegStuffing stuffing);

/// Looks at `count` windows spread over [from, to): true when no 0xFF in them is followed by what never follows it.
bool are_jpeg_scan_samples_sane(WalkInput& input, std::uint64_t from, std::uint64_t to, std::uint64_t count,
                                JpegStuffing stuffing);

}  // namespace lastgood::formats
