// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// BrokenUnits: the failing members, objects or blocks of one content, neighbours merged, said as few findings.
// For walkers whose format has independent units and which go on after one of them failed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/walk_report.h"

namespace lastgood::formats {

class BrokenUnits {
 public:
  static constexpr std::size_t k_ranges_max = 48;  // the rest is counted

  /// `rule` as in findings, `unit` and `units` for the sentence: "member", "members". All outlive the object.
  BrokenUnits(std::string_view rule, std::string_view unit, std::string_view units)
      : rule_(rule), unit_(unit), units_(units) {}

  /// Call in ascending order of `range`. `why` says what did not fit in this unit.
  void add(model::ByteRange range, std::string why);

  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// One contradiction for each run of failing units.
  void say(WalkReport& report) const;

 private:
  struct Run {
    model::ByteRange range;
    std::string why;  // of the first unit
    std::uint64_t units = 0;
  };
  std::string_view rule_;
  std::string_view unit_;
  std::string_view units_;
  std::vector<Run> runs_;
  std::uint64_t count_ = 0;
  std::uint64_t left_out_ = 0;
};

}  // namespace lastgood::formats
