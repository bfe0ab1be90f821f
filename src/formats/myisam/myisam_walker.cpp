// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Index of a MyISAM table: .MYI. Facts: MySQL Internals Manual, "MyISAM Storage Engine", "The .MYI file".
//
//   file  = header(24) state base ... from the first key block on: blocks of 1 KiB and more
//   state = ... length of this file(8, at 60) length of the .MYD(8, at 68) ...
//   block = length in use(2, the highest bit: not a leaf) keys ...
//
// The rows are in the .MYD beside it, which has neither magic nor frame.
#include "formats/myisam/myisam_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/pages/page_survey.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"myi", Promise::firm}};
constexpr std::string_view k_magic = "\xfe\xfe\x07"sv;
constexpr std::uint64_t k_block_bytes = 1024;

Likeness recognise(const Edges& edges) {
  return edges.head.matches(0, k_magic) && edges.head.u8(3) <= 4 ? Likeness::strong : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, k_magic) || head.u8(3) > 4) return report;
  report.shape = Shape::whole;
  const std::uint64_t header_bytes = head.be16(6);
  const std::uint64_t base_at = head.be16(12);
  const std::uint64_t keys_at = head.be64(base_at);
  const std::uint64_t length = head.be64(60);
  const bool fits = header_bytes >= 100 && base_at >= 24 && base_at < header_bytes && keys_at >= header_bytes &&
                    keys_at % k_block_bytes == 0 && length >= keys_at && length <= input.size_bytes();
  if (!fits) {
    report.breaks("myisam.header",
                  fmt::format("the header says {} bytes with keys from byte {}, the content has {}", length, keys_at,
                              input.size_bytes()),
                  {.from = 0, .to = std::min<std::uint64_t>(512, input.size_bytes())});
    return report;
  }
  report.end_bytes = length;
  report.region(0, keys_at, RegionKind::structured);
  // A block of 2 KiB and more covers several of these; its later parts hold keys, whose first two bytes may be any.
  const bool is_small = input.at(keys_at, 2).size() == 2 && head.be16(14) != 0;
  const PageLayout blocks{.from_bytes = keys_at,
                          .page_bytes = k_block_bytes,
                          .page_count = (length - keys_at) / k_block_bytes,
                          .rule = "myisam.block"};
  std::uint64_t plausible = 0;
  const PageSurvey survey = survey_pages(input, report, blocks, [&](std::uint64_t, ByteView block) -> PageOpinion {
    const std::uint64_t used = block.be16(0) & 0x7FFFU;
    if (used >= 2 && used <= k_block_bytes) ++plausible;
    return {.kind = RegionKind::plain, .fault = {}};
  });
  if (is_small && survey.looked_at >= 16 && plausible * 4 < survey.looked_at) {
    report.breaks("myisam.block", fmt::format("{} of {} key blocks begin with a length", plausible, survey.looked_at),
                  {.from = keys_at, .to = length});
  }
  report.reach = Reach::frame;
  if (report.shape == Shape::whole) {
    report.holds("myisam.header",
                 fmt::format("the header's length {} is the content's, {} of {} key blocks begin with a length", length,
                             plausible, survey.looked_at));
  }
  return report;
}

}  // namespace

const Format k_myisam_format = {.id = "myisam",
                                .title = "MyISAM index",
                                .family = Family::database,
                                .claims = k_claims,
                                .recognise = recognise,
                                .walk = walk};

}  // namespace lastgood::formats
