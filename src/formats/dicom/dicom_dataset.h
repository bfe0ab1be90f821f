// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Walks the elements of a data set, sequences included, without recursion (DICOM PS3.5, section 7).
#pragma once

#include <cstdint>

#include "formats/dicom/dicom_element.h"
#include "formats/dicom/dicom_pixels.h"
#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

struct DicomDataset {
  std::uint64_t end_bytes = 0;  // first byte that belongs to no element
  std::uint64_t elements = 0;
  std::uint64_t fragments = 0;
  bool has_pixels = false;
  bool is_verified = true;  // no payload was left unproven
  bool is_cut = false;      // the range ends inside a sequence, or inside a value whose header is as it should be
  bool is_tiled = false;    // the elements go exactly to the end of the range
};

/// Walks [from, input's end). Adds regions; the caller judges what does not fit behind `end_bytes`.
DicomDataset walk_dicom_dataset(WalkInput& input, std::uint64_t from, DicomEncoding encoding, DicomFrameCodec codec,
                                WalkReport& report);

}  // namespace lastgood::formats
