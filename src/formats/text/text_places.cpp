// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/text/text_places.h"

#include <algorithm>

namespace lastgood::formats {

namespace {

constexpr std::uint64_t k_place_bytes = 4096;
constexpr std::uint64_t k_places_standard = 64;
constexpr std::uint64_t k_places_quick = 8;
// Places begin where every pattern's unit may begin, and code units of two and four bytes do too.
constexpr std::uint64_t k_alignment_bytes = 64;

/// splitmix64: one mixed word per counter value.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15ULL;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31);
}

}  // namespace

std::vector<model::ByteRange> text_places(const WalkInput& input, Places places) {
  const std::uint64_t size = input.size_bytes();
  if (places == Places::all || !input.whole().empty() || size <= 2 * k_edge_bytes) return {{.from = 0, .to = size}};
  std::vector<model::ByteRange> ranges = {{.from = 0, .to = k_edge_bytes}};
  const std::uint64_t count = input.depth() == model::Depth::quick ? k_places_quick : k_places_standard;
  // The tail is aligned to whole cells, as everything else is.
  const std::uint64_t tail_from = (size - k_edge_bytes + k_alignment_bytes - 1) / k_alignment_bytes * k_alignment_bytes;
  const std::uint64_t span = (tail_from - k_edge_bytes) / count;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t slot_from = k_edge_bytes + i * span;
    const std::uint64_t room = span > k_place_bytes ? span - k_place_bytes : 0;
    const std::uint64_t drawn = slot_from + (room == 0 ? 0 : mix(input.seed() + i * 0x2545F4914F6CDD1DULL) % room);
    const std::uint64_t from = std::max(drawn / k_alignment_bytes * k_alignment_bytes, ranges.back().to);
    const std::uint64_t to = std::min(from + k_place_bytes, tail_from);
    if (from < to) ranges.push_back({.from = from, .to = to});
  }
  ranges.push_back({.from = std::max(tail_from, ranges.back().to), .to = size});
  return ranges;
}

}  // namespace lastgood::formats
