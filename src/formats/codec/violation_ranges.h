// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Places in compressed payload that break a byte rule, gathered to ranges. Ciphertext breaks such rules every few
// hundred bytes, a damaged bit once: the ranges tell the two apart.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/walk_report.h"

namespace lastgood::formats {

struct ViolationRange {
  model::ByteRange range;
  std::uint64_t places = 0;
  /// Too many for damage: no compressor wrote these bytes.
  [[nodiscard]] bool is_foreign() const { return places >= 3; }
};

class ViolationRanges {
 public:
  /// Places within [from, to) closer than `merge_bytes` make one range.
  ViolationRanges(std::uint64_t from, std::uint64_t to, std::uint64_t merge_bytes)
      : from_(from), to_(to), merge_bytes_(merge_bytes) {}
  /// REQUIRES: ascending calls.
  void add(std::uint64_t at);
  [[nodiscard]] const std::vector<ViolationRange>& ranges() const { return ranges_; }

 private:
  std::uint64_t from_;
  std::uint64_t to_;
  std::uint64_t merge_bytes_;
  std::vector<ViolationRange> ranges_;
};

/// Tells every range as broken by `rule`, and names [from, to) compressed but for what is foreign to it.
void tell_violations(const std::vector<ViolationRange>& ranges, std::uint64_t from, std::uint64_t to,
                     std::string_view rule, WalkReport& report);

}  // namespace lastgood::formats
