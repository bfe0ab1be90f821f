// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Data file of an Oracle database. Facts: published analyses of the block format; Oracle documents none of it.
//
//   file  = block*; block 0: 0 format(1) ... block size(4, at 20) blocks(4, at 24) 7d 7c 7b 7a (at 28)
//   block = type(1) format(1) ...(2) address(4) SCN(6) sequence(1) flags(1) sum(2) ... tail(4)
//   tail  = sequence, type and the low half of the SCN, again: a block half written does not have it
//   With flag 4 all 16-bit words of the block add up, by exclusive or, to 0.
#include "formats/oracle/oracle_walker.h"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "formats/pages/page_survey.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"dbf", Promise::loose}, NameClaim{"ora", Promise::loose}};
constexpr std::string_view k_magic = "\x7d\x7c\x7b\x7a"sv;
constexpr std::uint64_t k_magic_at = 28;

bool opens(ByteView head) {
  const std::uint32_t block_bytes = head.le32(20);
  return head.u8(0) == 0 && head.matches(k_magic_at, k_magic) && block_bytes >= 512 && block_bytes <= 32768 &&
         std::has_single_bit(block_bytes);
}

Likeness recognise(const Edges& edges) { return opens(edges.head) ? Likeness::strong : Likeness::none; }

PageOpinion judge_block(ByteView block, std::uint64_t index, std::uint64_t block_bytes) {
  if (block.size() < block_bytes) return {.fault = "the content ends inside the block"};
  if (block.le64(0) == 0 && std::all_of(block.begin(), block.end(), [](std::uint8_t byte) { return byte == 0; }))
    return {.kind = RegionKind::zero, .fault = {}};
  const std::uint32_t tail = std::uint32_t{block.le16(8)} << 16 | std::uint32_t{block.u8(0)} << 8 | block.u8(14);
  const bool tail_fits = block.le32(block_bytes - 4) == tail;
  const bool is_placed = (block.le32(4) & 0x3FFFFF) == (index & 0x3FFFFF);
  // Some kinds of blocks (control, undo header) have another tail, some no address: one of the two must fit.
  if (!tail_fits && !is_placed) return {.fault = "neither the address nor the tail fits"};
  if ((block.u8(15) & 4) == 0) return {};
  std::uint16_t sum = 0;
  for (std::uint64_t at = 0; at < block_bytes; at += 2) sum = static_cast<std::uint16_t>(sum ^ block.le16(at));
  if (sum == 0) return {.kind = RegionKind::verified, .fault = {}};
  return {.fault = tail_fits ? std::string_view{} : "neither the sum nor the tail fits"};
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!opens(head)) return report;
  report.shape = Shape::whole;
  const std::uint64_t block_bytes = head.le32(20);
  const std::uint64_t counted = std::uint64_t{head.le32(24)} + 1;  // block 0 does not count itself
  const std::uint64_t present = input.size_bytes() / block_bytes;
  if (counted > present) {
    report.breaks(
        "oracle.length",
        fmt::format("block 0 counts {} blocks of {} bytes, the content has {}", counted, block_bytes, present),
        {.from = 0, .to = std::min<std::uint64_t>(32, input.size_bytes())});
  }
  report.region(0, std::min(block_bytes, input.size_bytes()), RegionKind::structured);
  const PageLayout blocks{.from_bytes = block_bytes,
                          .page_bytes = block_bytes,
                          .page_count = present > 1 ? std::min(counted, present) - 1 : 0,
                          .first_number = 1,
                          .rule = "oracle.block"};
  report.end_bytes = std::min(input.size_bytes(), (blocks.page_count + 1) * block_bytes);
  const PageSurvey survey = survey_pages(input, report, blocks, [&](std::uint64_t index, ByteView block) {
    return judge_block(block, index + 1, block_bytes);
  });
  report.reach = survey.every_page ? Reach::sampled : Reach::frame;
  if (report.shape == Shape::whole) {
    report.holds("oracle.blocks",
                 fmt::format("{} of {} bytes fit their place or their tail, {} unused, {} proven by sum",
                             pages_looked_at(survey, blocks), block_bytes, survey.zero, survey.verified));
  }
  return report;
}

}  // namespace

const Format k_oracle_format = {.id = "oracle",
                                .title = "Oracle data file",
                                .family = Family::database,
                                .claims = k_claims,
                                .recognise = recognise,
                                .walk = walk};

}  // namespace lastgood::formats
