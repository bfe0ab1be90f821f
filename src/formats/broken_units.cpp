// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/broken_units.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace lastgood::formats {

void BrokenUnits::add(model::ByteRange range, std::string why) {
  ++count_;
  if (!runs_.empty() && range.from <= runs_.back().range.to) {
    runs_.back().range.to = std::max(runs_.back().range.to, range.to);
    ++runs_.back().units;
    return;
  }
  if (runs_.size() >= k_ranges_max) {
    ++left_out_;
    return;
  }
  runs_.push_back({.range = range, .why = std::move(why), .units = 1});
}

void BrokenUnits::say(WalkReport& report) const {
  for (const Run& run : runs_) {
    if (run.units == 1) {
      report.breaks(rule_, run.why, run.range);
    } else {
      report.breaks(rule_,
                    fmt::format("{} {} in a row do not fit, from byte {} to {}; first: {}", run.units, units_,
                                run.range.from, run.range.to, run.why),
                    run.range);
    }
  }
  if (left_out_ != 0) {
    report.remarks(rule_, fmt::format("{} more {} do not fit", left_out_, left_out_ == 1 ? unit_ : units_));
  }
}

}  // namespace lastgood::formats
