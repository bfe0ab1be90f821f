// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which bytes of a content a documented pattern reaches, as a pure function of the size. Written as rows of numbers, so
// that the table of patterns reads like the published descriptions it was made from.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "model/finding.h"

namespace lastgood::drill {

inline constexpr std::uint64_t k_to_the_end = UINT64_MAX;

/// The union of four parts: a head, runs at a fixed distance, runs spread evenly by percent, and a tail.
/// A part whose length is zero is absent; every run ends where the content ends.
struct RegionShape {
  std::uint64_t head_bytes = 0;  // [0, head_bytes)
  unsigned head_percent = 0;     // [0, that share of the size), when larger than head_bytes

  std::uint64_t on_bytes = 0;                // length of each run
  std::uint64_t period_bytes = 0;            // from the start of one run to the next; 0: one run only
  unsigned period_percent = 0;               // the same as a share of the size, when larger than period_bytes
  std::uint64_t from_bytes = 0;              // start of the first run
  std::uint64_t until_bytes = k_to_the_end;  // no run starts at or after this
  std::uint64_t runs_max = UINT64_MAX;

  unsigned spread_count = 0;  // that many runs, the first at byte 0, the last at the end, gaps equal
  unsigned spread_percent_each = 0;

  unsigned middle_percent = 0;  // one run around the middle of the content

  std::uint64_t tail_bytes = 0;       // the last bytes
  std::uint64_t keep_tail_bytes = 0;  // nothing at all is reached in the last bytes

  std::uint64_t unit_bytes = 1;  // each run is cut down to a multiple of this (block ciphers, 64-byte units)
};

/// The shape for contents of at most `up_to_bytes`.
struct SizeRule {
  std::uint64_t up_to_bytes = k_to_the_end;
  RegionShape shape;
};

/// Ascending, not overlapping, none empty, all within [0, size_bytes). The first rule that the size fits decides.
std::vector<model::ByteRange> regions_of(std::span<const SizeRule> rules, std::uint64_t size_bytes);

}  // namespace lastgood::drill
