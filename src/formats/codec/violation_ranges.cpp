// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/codec/violation_ranges.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {
constexpr std::uint64_t k_around_bytes = 128;
constexpr std::size_t k_ranges_max = 256;
}  // namespace

void ViolationRanges::add(std::uint64_t at) {
  const std::uint64_t from = std::max(from_, at - std::min(at, k_around_bytes));
  const std::uint64_t to = std::min(to_, at + k_around_bytes);
  const bool is_near = !ranges_.empty() && from <= ranges_.back().range.to + merge_bytes_;
  if (is_near || ranges_.size() >= k_ranges_max) {
    ranges_.back().range.to = std::max(ranges_.back().range.to, to);
    ++ranges_.back().places;
  } else {
    ranges_.push_back({.range = {.from = from, .to = to}, .places = 1});
  }
}

void tell_violations(const std::vector<ViolationRange>& ranges, std::uint64_t from, std::uint64_t to,
                     std::string_view rule, WalkReport& report) {
  std::uint64_t named = from;
  for (const ViolationRange& bad : ranges) {
    report.breaks(
        rule,
        fmt::format("0xFF is followed by what never follows it in compressed pixels, at {} places from byte {} to {}",
                    bad.places, bad.range.from, bad.range.to),
        bad.range);
    if (!bad.is_foreign()) continue;
    report.region(named, bad.range.from, model::RegionKind::compressed);
    named = bad.range.to;
  }
  report.region(named, to, model::RegionKind::compressed);
}

}  // namespace lastgood::formats
