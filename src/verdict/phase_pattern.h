// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Phase folding: finds ciphertext that alternates with plain bytes at a fixed period, without knowing the format.
//
// The content is cut into cells; cells at the same place of the period are counted together. When a pattern encrypts 64
// bytes of every 192, one third of the phases becomes uniform while the others keep the content's own distribution.
// Cost: one histogram pass per period, so it is run only on contents that are still in doubt.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/byte_view.h"
#include "model/finding.h"

namespace lastgood::verdict {

struct PhasePattern {
  std::uint32_t period_bytes = 0;
  std::uint32_t from_bytes = 0;  // the encrypted part of each period: [from, from + length), may wrap around
  std::uint32_t length_bytes = 0;
};

/// Looks in `bytes` (at least 4 KiB, at most 1 MiB are used), whose first byte is at `offset_bytes` of the content.
/// False alarms measured on intact files: about 1 in 10,000, so it supports a verdict and never makes one alone.
std::optional<PhasePattern> find_phase_pattern(base::ByteView bytes, std::uint64_t offset_bytes);

/// The encrypted ranges in [0, size) as the pattern says; at most `ranges_max` of them.
std::vector<model::ByteRange> ranges_of(const PhasePattern& pattern, std::uint64_t size_bytes, std::size_t ranges_max);

}  // namespace lastgood::verdict
