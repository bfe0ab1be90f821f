// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Time zone files. Specification: RFC 8536, section 3 (and RFC 9636 for version 4).
//
//   file   = header block [header block "\n" rule "\n"]; the second header from version 2 on
//   header = "TZif" version(1: NUL, '2', '3', '4') 0(15) isut(4) isstd(4) leaps(4) times(4) types(4) letters(4)
//   block  = time(4 or 8)[times] type(1)[times] (offset(4) dst(1) letters at(1))[types] letters
//            (time(4 or 8) correction(4))[leaps] isstd(1)[] isut(1)[]; 8 bytes in the second block
#include "formats/tzif/tzif_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint64_t k_header_bytes = 44;
constexpr std::uint32_t k_count_max = 1U << 20U;
constexpr std::uint64_t k_rule_bytes_max = 256;

bool begins_as_zone(ByteView head) {
  const std::uint8_t version = head.u8(4);
  return head.matches(0, "TZif") && (version == 0 || (version >= '2' && version <= '4'));
}

Likeness recognise(const Edges& edges) { return begins_as_zone(edges.head) ? Likeness::strong : Likeness::none; }

/// End of the header at `at` and its block; nullopt when they break a rule (told in the report).
std::optional<std::uint64_t> walk_block(WalkInput& input, std::uint64_t at, std::uint64_t time_bytes,
                                        WalkReport& report) {
  const ByteView header = input.at(at, k_header_bytes);
  const std::uint64_t size = input.size_bytes();
  std::array<std::uint64_t, 6> counts{};  // isut, isstd, leaps, times, types, letters
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = header.be32(20 + i * 4);
  const auto [isut, isstd, leaps, times, types, letters] = counts;
  const bool counts_fit = begins_as_zone(header) && *std::max_element(counts.begin(), counts.end()) <= k_count_max;
  const std::uint64_t from = at + k_header_bytes;
  const std::uint64_t length = times * (time_bytes + 1) + types * 6 + letters + leaps * (time_bytes + 4) + isstd + isut;
  if (!counts_fit || length > size || from > size - length) {
    report.breaks(
        "tzif.header",
        fmt::format("the header at byte {} counts {} times and {} types, too many for the file", at, times, types),
        {.from = std::min(at, size), .to = std::min(from, size)});
    return std::nullopt;
  }
  const std::uint64_t numbers_at = from + times * time_bytes;
  std::uint64_t before = 0;
  for (std::uint64_t i = 0; i < times; ++i) {
    if (i % 64 == 0 && !input.may_continue()) return std::nullopt;
    const ByteView time = input.at(from + i * time_bytes, static_cast<std::size_t>(time_bytes));
    // Signed numbers compare as unsigned ones with the sign bit turned.
    const std::uint64_t value = time_bytes == 4 ? time.be32(0) ^ 0x80000000U : time.be64(0) ^ (std::uint64_t{1} << 63U);
    if ((i > 0 && value < before) || input.at(numbers_at + i, 1).u8(0) >= types) {
      report.breaks("tzif.times", fmt::format("time {} of {} goes back or has a type that does not exist", i, times),
                    {.from = from, .to = from + length});
      return std::nullopt;
    }
    before = value;
  }
  return from + length;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!begins_as_zone(input.head())) return report;
  report.shape = Shape::whole;
  std::optional<std::uint64_t> end = walk_block(input, 0, 4, report);
  if (end && input.head().u8(4) != 0) {
    end = walk_block(input, *end, 8, report);
    if (end) {
      const ByteView rule = input.at(*end, k_rule_bytes_max);
      const std::size_t close = rule.find("\n", 1);
      if (rule.u8(0) != '\n' || close == ByteView::npos) {
        report.breaks("tzif.rule", fmt::format("no rule between line ends stands at byte {}", *end),
                      {.from = *end, .to = *end + rule.size()});
        return report;
      }
      *end += close + 1;
    }
  }
  if (!end) {
    if (report.shape == Shape::whole) report.remarks("tzif.limit", "stopped by a limit");
    return report;
  }
  report.end_bytes = *end;
  report.reach = Reach::content;
  report.region(0, *end, RegionKind::structured);
  report.holds("tzif.blocks",
               fmt::format("times ascend and name existing types, the blocks tile the file to byte {}", *end));
  return report;
}

}  // namespace

const Format k_tzif_format = {.id = "tzif",
                              .title = "time zone file",
                              .family = Family::other,
                              .claims = {},
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
