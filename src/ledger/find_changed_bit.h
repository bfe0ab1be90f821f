// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where a ledger was changed. The chain says which entry does not hold; where a single bit explains that (a dying disk,
// bad memory, the smallest forgery), trying all of them finds it: with the right one turned back, the hash fits again.
// Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_source.h"
#include "ledger/chain.h"

namespace lastgood::ledger {

/// Longest part of a ledger in which single bits are tried: the work grows with its square (0.6 s at the limit).
inline constexpr std::size_t k_trial_bytes_max = 16U * 1024U;

struct ChangedBit {
  std::uint64_t offset_bytes = 0;  // in the file
  std::uint8_t is = 0;             // the byte that stands there
  std::uint8_t was = 0;            // the byte with which the entry holds
  bool operator==(const ChangedBit&) const = default;
};

/// What is known of a break, or of a torn end, beyond its first byte.
struct BreakExtent {
  std::uint64_t begin_bytes = 0;  // behind the last entry that holds
  std::uint64_t end_bytes = 0;    // where the next entry stands that fits its own hash, or the file ends
  std::optional<ChangedBit> changed;
};

/// Looks at the bytes behind the last entry that holds; nothing when the ledger is whole up to its end. A torn end in
/// which one changed bit hides a whole entry is no crash: `changed` says so.
[[nodiscard]] base::Result<std::optional<BreakExtent>> find_break_extent(base::ByteSource& source,
                                                                         const ChainState& state);

}  // namespace lastgood::ledger
