// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/damage/region_shape.h"

#include <algorithm>

namespace lastgood::drill {
namespace {

using model::ByteRange;

std::uint64_t percent_of(std::uint64_t size_bytes, unsigned percent) {
  // Divided first: exact enough for a share, and no overflow at any size.
  return size_bytes / 100 * percent + size_bytes % 100 * percent / 100;
}

/// Collects runs, cut to the content and to whole units.
class RunList {
 public:
  RunList(std::uint64_t end_bytes, std::uint64_t unit_bytes) : end_bytes_(end_bytes), unit_bytes_(unit_bytes) {}

  void add(std::uint64_t from, std::uint64_t length) {
    if (from >= end_bytes_) return;
    const std::uint64_t reached = std::min(length, end_bytes_ - from);
    const std::uint64_t whole_units = reached - reached % unit_bytes_;
    if (whole_units > 0) runs_.push_back({from, from + whole_units});
  }

  [[nodiscard]] std::vector<ByteRange> merged() && {
    std::sort(runs_.begin(), runs_.end(), [](const ByteRange& a, const ByteRange& b) { return a.from < b.from; });
    std::vector<ByteRange> out;
    for (const ByteRange& run : runs_) {
      if (!out.empty() && run.from <= out.back().to) {
        out.back().to = std::max(out.back().to, run.to);
      } else {
        out.push_back(run);
      }
    }
    return out;
  }

 private:
  std::uint64_t end_bytes_;
  std::uint64_t unit_bytes_;
  std::vector<ByteRange> runs_;
};

void add_periodic_runs(RunList& runs, const RegionShape& shape, std::uint64_t size_bytes) {
  if (shape.on_bytes == 0) return;
  const std::uint64_t period = std::max(shape.period_bytes, percent_of(size_bytes, shape.period_percent));
  const std::uint64_t until = std::min(shape.until_bytes, size_bytes);
  std::uint64_t at = shape.from_bytes;
  for (std::uint64_t count = 0; at < until && count < shape.runs_max; ++count) {
    runs.add(at, shape.on_bytes);
    if (period == 0 || period > until - at) return;
    at += period;
  }
}

void add_spread_runs(RunList& runs, const RegionShape& shape, std::uint64_t size_bytes) {
  if (shape.spread_count == 0) return;
  const std::uint64_t each = percent_of(size_bytes, shape.spread_percent_each);
  const std::uint64_t all = each * shape.spread_count;
  const std::uint64_t gap =
      shape.spread_count > 1 && all < size_bytes ? (size_bytes - all) / (shape.spread_count - 1) : 0;
  for (unsigned i = 0; i < shape.spread_count; ++i) runs.add(i * (each + gap), each);
}

}  // namespace

std::vector<ByteRange> regions_of(std::span<const SizeRule> rules, std::uint64_t size_bytes) {
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&](const SizeRule& r) { return size_bytes <= r.up_to_bytes; });
  if (rule == rules.end()) return {};
  const RegionShape& shape = rule->shape;
  const std::uint64_t end = size_bytes - std::min(size_bytes, shape.keep_tail_bytes);
  RunList runs(end, shape.unit_bytes);
  runs.add(0, std::max(shape.head_bytes, percent_of(size_bytes, shape.head_percent)));
  add_periodic_runs(runs, shape, size_bytes);
  add_spread_runs(runs, shape, size_bytes);
  if (shape.middle_percent > 0) {
    const std::uint64_t length = percent_of(size_bytes, shape.middle_percent);
    runs.add((size_bytes - length) / 2, length);
  }
  if (shape.tail_bytes > 0) runs.add(size_bytes - std::min(size_bytes, shape.tail_bytes), shape.tail_bytes);
  return std::move(runs).merged();
}

}  // namespace lastgood::drill
