// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Decodes one scan of a JPEG stream as far as it takes to prove that it holds the MCUs the frame announces: code words
// and bit counts, no samples. Foreign bytes inside a scan, even cells of 64 bytes without a single 0xFF, shift the
// count or overrun a block.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/codec/jpeg_frame.h"
#include "formats/walk_input.h"
#include "model/finding.h"

namespace lastgood::formats {

struct JpegScanDecoded {
  std::uint64_t end_bytes = 0;       // where the marker behind the scan begins, or where the range ended
  std::uint64_t units_expected = 0;  // MCUs
  std::uint64_t units_decoded = 0;
  bool is_cut = false;                // the range ended before the scan did, which was as it should be up to there
  bool stopped = false;               // a limit was reached: nothing is known beyond
  std::vector<model::ByteRange> bad;  // ascending; restart intervals that do not hold what they must
};

/// True when this program can decode the scan: process, tables and size allow it. Makes room for progressive frames, at
/// most in proportion to `content_bytes`.
bool can_decode_jpeg_scan(JpegFrame& frame, const JpegTables& tables, const JpegScan& scan,
                          std::uint64_t content_bytes);

/// Decodes from `from`, at most to `to`. REQUIRES: can_decode_jpeg_scan.
JpegScanDecoded decode_jpeg_scan(WalkInput& input, std::uint64_t from, std::uint64_t to, JpegFrame& frame,
                                 const JpegTables& tables, const JpegScan& scan);

}  // namespace lastgood::formats
