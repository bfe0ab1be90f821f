// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/compare_ranges.h"

#include <algorithm>
#include <vector>

#include "verdict/randomness.h"

namespace lastgood::drill {
namespace {

using model::ByteRange;

constexpr std::uint64_t k_block_bytes = 4096;

std::vector<bool> blocks_touched(std::span<const ByteRange> ranges, std::uint64_t size_bytes) {
  std::vector<bool> out((size_bytes + k_block_bytes - 1) / k_block_bytes, false);
  for (const ByteRange& range : ranges) {
    const std::uint64_t to = std::min(range.to, size_bytes);
    for (std::uint64_t at = range.from / k_block_bytes; at * k_block_bytes < to; ++at) out[at] = true;
  }
  return out;
}

/// What of `ranges` is not in `taken`. Edges are named in cells of 64 bytes: what is left of less than one beside what
/// was taken is their rounding.
std::vector<ByteRange> without(std::span<const ByteRange> ranges, std::span<const ByteRange> taken) {
  std::vector<ByteRange> left(ranges.begin(), ranges.end());
  for (const ByteRange& hole : taken) {
    std::vector<ByteRange> next;
    for (const ByteRange& range : left) {
      if (range.to <= hole.from || range.from >= hole.to) {
        next.push_back(range);
        continue;
      }
      const ByteRange before{.from = range.from, .to = std::max(range.from, hole.from)};
      const ByteRange behind{.from = std::min(range.to, hole.to), .to = range.to};
      for (const ByteRange& rest : {before, behind}) {
        if (rest.length() >= verdict::k_cell_bytes) next.push_back(rest);
      }
    }
    left = std::move(next);
  }
  return left;
}

/// Blocks that lie wholly inside one of `ranges`; the last block may be a short one.
std::vector<bool> blocks_covered(std::span<const ByteRange> ranges, std::uint64_t size_bytes) {
  std::vector<bool> out((size_bytes + k_block_bytes - 1) / k_block_bytes, false);
  for (const ByteRange& range : ranges) {
    for (std::uint64_t at = (range.from + k_block_bytes - 1) / k_block_bytes; at < out.size(); ++at) {
      if (std::min((at + 1) * k_block_bytes, size_bytes) > range.to) break;
      out[at] = true;
    }
  }
  return out;
}

}  // namespace

double range_agreement(std::span<const ByteRange> replaced, std::span<const ByteRange> added,
                       std::span<const ByteRange> named, std::uint64_t size_bytes) {
  const std::vector<bool> truth = blocks_touched(replaced, size_bytes);
  const std::vector<bool> told = blocks_touched(without(named, added), size_bytes);
  const std::vector<bool> neither = blocks_covered(added, size_bytes);
  std::uint64_t both = 0;
  std::uint64_t either = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (neither[i]) continue;
    both += truth[i] && told[i] ? 1U : 0U;
    either += truth[i] || told[i] ? 1U : 0U;
  }
  return either == 0 ? 1.0 : static_cast<double>(both) / static_cast<double>(either);
}

}  // namespace lastgood::drill
