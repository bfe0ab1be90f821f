// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Pixel data of a DICOM object: native pixels, or fragments with compressed frames (DICOM PS3.5, section 8, annex A.4).
#pragma once

#include <cstdint>

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// What the elements before the pixel data say of them; 0 where they say nothing.
struct DicomPixelShape {
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  std::uint64_t frames = 0;
  std::uint64_t samples = 0;
  std::uint32_t bits_allocated = 0;
  std::uint32_t bits_stored = 0;
  std::uint32_t high_bit = 0;
  bool is_signed = false;
};

enum class DicomFrameCodec : std::uint8_t { other, jpeg, jpeg_2000, run_length };

struct DicomFragments {
  std::uint64_t end_bytes = 0;  // behind the delimiter; where the chain broke
  std::uint64_t count = 0;      // without the offset table
  std::uint64_t verified = 0;
  bool is_closed = false;
};

/// Walks the items from `from` to the sequence delimiter.
DicomFragments walk_dicom_fragments(WalkInput& input, std::uint64_t from, DicomFrameCodec codec,
                                    const DicomPixelShape& shape, WalkReport& report);

/// Native pixels in [from, to): names them, and holds bits above the stored ones to what writers leave there.
void check_dicom_pixels(WalkInput& input, std::uint64_t from, std::uint64_t to, const DicomPixelShape& shape,
                        WalkReport& report);

}  // namespace lastgood::formats
