// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Directories of an ISO 9660 volume. Private to iso9660.
#pragma once

#include <cstdint>

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

struct IsoVolume {
  std::uint64_t block_bytes = 2048;
  std::uint64_t blocks = 0;
  std::uint64_t path_table_from = 0;
  std::uint64_t path_table_bytes = 0;
  std::uint64_t root_from = 0;
};

struct IsoCounts {
  std::uint64_t directories = 0;
  std::uint64_t records = 0;
};

/// Walks every directory of the path table and every record in it. Breaks are said in `report`.
IsoCounts walk_iso_directories(WalkInput& input, WalkReport& report, const IsoVolume& volume);

}  // namespace lastgood::formats
