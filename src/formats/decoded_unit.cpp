// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/decoded_unit.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

constexpr std::uint64_t k_quick_bytes = 64 * 1024;
constexpr std::uint64_t k_fast_in_memory_bytes = 64 * 1024 * 1024;
constexpr std::uint64_t k_fast_sample_bytes = 1024 * 1024;
constexpr std::uint64_t k_slow_in_memory_bytes = 1024 * 1024;
constexpr std::uint64_t k_slow_sample_bytes = 256 * 1024;
constexpr std::uint64_t k_break_before_bytes = 4 * 1024;
constexpr std::uint64_t k_break_after_bytes = 64 * 1024;

}  // namespace

std::uint64_t decode_budget_bytes(const WalkInput& input, DecodeSpeed speed) {
  const bool in_memory = !input.whole().empty();
  switch (input.depth()) {
    case model::Depth::quick: return speed == DecodeSpeed::fast ? k_quick_bytes : 0;
    case model::Depth::full: return UINT64_MAX;
    case model::Depth::standard: break;
  }
  if (speed == DecodeSpeed::fast) return in_memory ? k_fast_in_memory_bytes : k_fast_sample_bytes;
  return in_memory ? k_slow_in_memory_bytes : k_slow_sample_bytes;
}

UnitState report_decoding(WalkReport& report, const Decoded& decoded, model::ByteRange unit, std::string_view rule,
                          std::string_view unit_name) {
  unit.from = std::min(unit.from, unit.to);  // a header may promise its data behind the end
  const std::uint64_t reached = std::min(unit.to, unit.from + decoded.consumed_bytes);
  if (decoded.end == DecodeEnd::complete) {
    report.region(unit.from, reached, model::RegionKind::verified);
    return UnitState::proven;
  }
  if (decoded.end == DecodeEnd::stopped) {
    report.region(unit.from, unit.to, model::RegionKind::compressed);
    return UnitState::not_decoded;
  }
  const std::uint64_t near = std::max(unit.from, reached - std::min(reached, k_break_before_bytes));
  const std::uint64_t far = std::min(unit.to, reached + k_break_after_bytes);
  report.region(unit.from, near, model::RegionKind::compressed);
  const char* how = decoded.end == DecodeEnd::cut ? "is cut short" : "breaks";
  report.breaks(rule,
                fmt::format("{} at byte {} {} at byte {}, after {} decoded bytes", unit_name, unit.from, how, reached,
                            decoded.produced_bytes),
                {.from = near, .to = far});
  report.region(far, unit.to, model::RegionKind::compressed);
  return UnitState::broken;
}

UnitState report_decoding_in_frame(WalkReport& report, const Decoded& decoded, model::ByteRange unit,
                                   std::string_view rule, std::string_view unit_name) {
  const bool broke = decoded.end == DecodeEnd::malformed || decoded.end == DecodeEnd::cut;
  if (broke) report.region(unit.from, unit.to, model::RegionKind::compressed);
  return report_decoding(report, decoded, unit, rule, unit_name);
}

UnitState report_decoding_to_end(WalkReport& report, const Decoded& decoded, model::ByteRange unit,
                                 std::string_view rule, std::string_view unit_name) {
  if (decoded.end != DecodeEnd::cut) return report_decoding(report, decoded, unit, rule, unit_name);
  const std::string cut_rule = fmt::format("{}.cut", rule.substr(0, rule.find('.')));
  return report_decoding(report, decoded, unit, cut_rule, unit_name);
}

}  // namespace lastgood::formats
