// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The chain of records through the pages of one log segment.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "formats/walk_input.h"

namespace lastgood::formats {

/// The pages of this life of the segment: [0, page_count).
struct WalExtent {
  std::uint64_t address = 0;  // of the segment's first byte
  std::uint64_t page_bytes = 0;
  std::uint64_t page_count = 0;
};

struct WalChain {
  std::uint64_t records = 0;  // whose CRC-32C fits
  /// First record that does not fit although all its pages are of this life; empty when there is none.
  std::optional<std::uint64_t> bad_from_bytes;
  std::uint64_t bad_to_bytes = 0;
  std::string_view fault;
};

/// REQUIRES: the headers of these pages fit. Ends at the end of the log, or where a record goes on beyond the extent.
WalChain walk_wal_records(WalkInput& input, const WalExtent& extent);

}  // namespace lastgood::formats
