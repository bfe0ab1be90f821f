// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The movie box: its tree, and where each track's samples are said to lie (ISO/IEC 14496-12, sections 8.2 to 8.7).
#pragma once

#include <cstdint>
#include <vector>

#include "formats/isobmff/isobmff_box.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// How the samples of a track are made, as far as it can be checked.
enum class IsoSampleKind : std::uint8_t {
  opaque,
  avc,  // NAL units behind their lengths (ISO/IEC 14496-15)
  hevc,
  pixels_or_pulses,  // not random by nature
};

/// The payloads of a track's tables, version and flags included; {0, 0} where there is none.
struct IsoTrack {
  model::ByteRange sample_sizes;
  model::ByteRange compact_sizes;
  model::ByteRange sample_to_chunk;
  model::ByteRange chunk_offsets;
  model::ByteRange long_chunk_offsets;
  model::ByteRange time_to_sample;
  IsoSampleKind kind = IsoSampleKind::opaque;
  unsigned nal_length_bytes = 4;
  bool is_elsewhere = false;  // samples lie in another file
};

/// Walks the boxes inside `movie` (moov or moof). Adds regions; breaks where boxes do not tile their parent.
std::vector<IsoTrack> walk_iso_movie(WalkInput& input, const IsoBox& movie, WalkReport& report);

}  // namespace lastgood::formats
