// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Reads the members of a ZIP archive from its first byte on, without the central directory: when that is gone, the
// members may still be good. Used by zip_walker.cpp.
#pragma once

#include "formats/broken_units.h"
#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

struct ZipSalvage {
  std::uint64_t good = 0;       // members whose CRC-32 fits
  std::uint64_t unproven = 0;   // members with a whole frame that could not be decoded
  std::uint64_t malformed = 0;  // members whose frame is whole and inside the content, and whose payload is not theirs
  std::uint64_t read_to = 0;    // behind the last member
  bool is_cut = false;          // a member begins there, and the content ends before it does
  std::string good_names;       // some of them, printable
};

ZipSalvage salvage_zip_members(WalkInput& input, std::uint64_t from, BrokenUnits& broken, WalkReport& report);

}  // namespace lastgood::formats
