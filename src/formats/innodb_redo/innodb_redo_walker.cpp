// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// InnoDB redo log: ib_logfile0 and 1, #ib_redo1 and so on. Facts: MySQL Internals Manual and MariaDB documentation,
// "InnoDB Redo Log".
//
//   blocks = header(512) checkpoint(512) empty(512) checkpoint(512) block*     MySQL, MariaDB to 10.7
//   block  = number(4) data length(2) first group(2) checkpoint(4) data crc32c(4), 512 bytes; zeros when never written
//   stream = header(4096) checkpoint(4096) checkpoint(4096) records            MariaDB from 10.8 ("Phys")
//   header = format(4) ... start LSN(8) creator(32) ... crc32c(4, at byte 508)
//
// The records of the stream carry a CRC-32C each, but where the oldest one begins only the checkpoint tells; they are
// not followed here, statistics judge them.
#include "formats/innodb_redo/innodb_redo_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/pages/page_survey.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint64_t k_block_bytes = 512;
constexpr std::uint64_t k_sum_at = 508;
constexpr std::uint64_t k_first_block_at = 2048;
constexpr std::uint64_t k_stream_from = 12288;
constexpr std::uint32_t k_format_stream = 0x50687973;         // "Phys"
constexpr std::uint32_t k_format_stream_sealed = 0xF09F979D;  // a key, in UTF-8
constexpr std::uint32_t k_sealed_bit = 0x80000000;

bool sum_fits(ByteView block) {
  return block.size() >= k_block_bytes && base::crc32c(block.part(0, k_sum_at)) == block.be32(k_sum_at);
}

/// 1 to 6: MySQL 5.7 and 8; 103 to 108, "PHYS": MariaDB 10.3 to 10.7.
bool is_format(std::uint32_t format) {
  const std::uint32_t plain = format & ~k_sealed_bit;
  return (plain >= 1 && plain <= 8) || (plain >= 103 && plain <= 108) || plain == 0x50485953 ||
         format == k_format_stream || format == k_format_stream_sealed;
}

bool is_header(ByteView head) {
  constexpr std::uint64_t k_creator_at = 16;
  const bool has_creator = head.u8(k_creator_at) >= 'A' && head.u8(k_creator_at) <= 'z';
  return is_format(head.be32(0)) && head.be32(4) == 0 ? has_creator
                                                      : has_creator && is_format(head.be32(0)) && head.be32(0) >= 4;
}

Likeness recognise(const Edges& edges) {
  if (edges.size_bytes < k_first_block_at || !is_header(edges.head)) return Likeness::none;
  return sum_fits(edges.head) ? Likeness::strong : Likeness::weak;
}

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

PageOpinion judge_block(ByteView block) {
  if (block.size() < k_block_bytes) return {.fault = "the content ends inside the block"};
  if (block.be64(0) == 0 && is_zero(block)) return {.kind = RegionKind::zero, .fault = {}};
  if (!sum_fits(block)) return {.fault = "the CRC-32C does not fit"};
  return {.kind = RegionKind::verified, .fault = {}};
}

void walk_blocks(WalkInput& input, WalkReport& report) {
  const ByteView head = input.head();
  for (const std::uint64_t at : {k_block_bytes, 3 * k_block_bytes}) {
    const ByteView checkpoint = head.part(at, k_block_bytes);
    if (sum_fits(checkpoint) || is_zero(checkpoint)) continue;
    report.breaks("innodb-redo.checkpoint", fmt::format("checkpoint at byte {}: its CRC-32C does not fit", at),
                  {.from = at, .to = at + k_block_bytes});
  }
  report.region(0, k_first_block_at, RegionKind::structured);
  const PageLayout blocks{.from_bytes = k_first_block_at,
                          .page_bytes = k_block_bytes,
                          .page_count = (input.size_bytes() - k_first_block_at) / k_block_bytes,
                          .first_number = 4,
                          .rule = "innodb-redo.block"};
  report.end_bytes = k_first_block_at + blocks.page_count * k_block_bytes;
  const PageSurvey survey =
      survey_pages(input, report, blocks, [](std::uint64_t, ByteView block) { return judge_block(block); });
  report.reach = survey.every_page ? Reach::content : Reach::frame;
  if (report.shape != Shape::broken) {
    report.holds("innodb-redo.blocks", fmt::format("{} (blocks of 512 bytes): {} fit their CRC-32C, {} unused",
                                                   pages_looked_at(survey, blocks), survey.verified, survey.zero));
  }
}

void walk_stream(WalkInput& input, WalkReport& report) {
  std::uint64_t checkpoints = 0;
  for (const std::uint64_t at : {std::uint64_t{4096}, std::uint64_t{8192}}) {
    const ByteView checkpoint = input.at(at, 64);
    if (is_zero(checkpoint)) continue;
    if (base::crc32c(checkpoint.part(0, 60)) != checkpoint.be32(60) || !is_zero(input.at(at + 64, 4096 - 64))) {
      report.breaks("innodb-redo.checkpoint",
                    fmt::format("checkpoint at byte {}: its CRC-32C does not fit or bytes follow it", at),
                    {.from = at, .to = std::min(input.size_bytes(), at + 4096)});
    } else {
      ++checkpoints;
    }
  }
  report.region(0, std::min(input.size_bytes(), k_stream_from), RegionKind::structured);
  report.reach = Reach::opening;
  const ByteView head = input.head();
  if (head.be32(0) == k_format_stream_sealed) report.region(k_stream_from, input.size_bytes(), RegionKind::compressed);
  if (report.shape != Shape::broken)
    report.holds("innodb-redo.header", fmt::format("header and {} checkpoints fit their CRC-32C", checkpoints));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (input.size_bytes() < k_first_block_at || !is_header(head)) return report;
  const bool is_sealed = (head.be32(0) & k_sealed_bit) != 0;
  report.shape = is_sealed ? Shape::sealed : Shape::whole;
  if (!sum_fits(head)) {
    report.breaks("innodb-redo.header", "the header's CRC-32C does not fit", {.from = 0, .to = k_block_bytes});
    return report;
  }
  const bool is_stream = head.be32(0) == k_format_stream || head.be32(0) == k_format_stream_sealed;
  is_stream ? walk_stream(input, report) : walk_blocks(input, report);
  return report;
}

}  // namespace

const Format k_innodb_redo_format = {.id = "innodb_redo",
                                     .title = "InnoDB redo log",
                                     .family = Family::database,
                                     .claims = {},
                                     .recognise = recognise,
                                     .walk = walk};

}  // namespace lastgood::formats
