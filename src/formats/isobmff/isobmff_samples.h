// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sample tables against the media data they point into (ISO/IEC 14496-12, section 8.7), and the samples themselves
// where their own lengths must add up (ISO/IEC 14496-15).
#pragma once

#include <cstdint>
#include <span>

#include "formats/isobmff/isobmff_movie.h"

namespace lastgood::formats {

struct IsoSampleCount {
  std::uint64_t chunks = 0;
  std::uint64_t samples = 0;
  std::uint64_t checked = 0;  // samples whose inside was looked at
};

/// `media`: payloads that samples may lie in, ascending.
IsoSampleCount check_iso_samples(WalkInput& input, const IsoTrack& track, std::span<const model::ByteRange> media,
                                 WalkReport& report);

/// True when NAL units behind lengths of `length_bytes` tile [from, to).
bool are_nal_units(WalkInput& input, std::uint64_t from, std::uint64_t to, unsigned length_bytes, IsoSampleKind kind);

}  // namespace lastgood::formats
