// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Segment of a PostgreSQL write-ahead log. Facts: PostgreSQL documentation, "WAL Internals"; access/xlog_internal.h and
// access/xlogrecord.h for the layout.
//
//   segment = page*                 usually 16 MiB, named by 24 hexadecimal digits
//   page    = magic(2) flags(2) timeline(4) address(8) remaining(4) pad(4)
//             the first page of a segment goes on: system(8) segment size(4) page size(4)
//   record  = length(4) transaction(4) previous record(8) info(1) manager(1) pad(2) crc32c(4) payload, aligned to 8;
//             it goes on behind the headers of the pages it crosses
//
// A segment that is used again keeps the pages of its former life behind the end of the log: their addresses are lower
// and stand at the same place of their segment. Zero pages are room not yet written.
#include "formats/postgresql_wal/postgresql_wal_walker.h"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

#include "formats/pages/page_survey.h"
#include "formats/postgresql_wal/wal_records.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"partial", Promise::loose}};
constexpr std::uint16_t k_flags_known = 0x000F;
constexpr std::uint16_t k_flag_long_header = 0x0002;

/// Versions 9.0 (0xD064) to 18 (0xD118); room for some to come.
bool is_magic(std::uint16_t magic) { return magic >= 0xD060 && magic <= 0xD17F; }

struct SegmentHeader {
  std::uint16_t magic = 0;
  std::uint64_t address = 0;
  std::uint64_t segment_bytes = 0;
  std::uint64_t page_bytes = 0;
};

/// The long header at the start of a segment; page_bytes is 0 when there is none.
SegmentHeader parse_segment_header(ByteView head) {
  SegmentHeader header{
      .magic = head.le16(0), .address = head.le64(8), .segment_bytes = head.le32(32), .page_bytes = head.le32(36)};
  const bool fits = is_magic(header.magic) && (head.le16(2) & k_flag_long_header) != 0 &&
                    head.le16(2) <= k_flags_known && header.page_bytes >= 1024 && header.page_bytes <= 65536 &&
                    std::has_single_bit(header.page_bytes) && header.segment_bytes >= header.page_bytes &&
                    header.segment_bytes <= (1U << 30) && std::has_single_bit(header.segment_bytes) &&
                    header.address % header.segment_bytes == 0;
  if (!fits) header.page_bytes = 0;
  return header;
}

Likeness recognise(const Edges& edges) {
  return parse_segment_header(edges.head).page_bytes != 0 ? Likeness::strong : Likeness::none;
}

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

/// Judges pages in ascending order; counts those that belong to this life of the segment.
class PageHeaders {
 public:
  explicit PageHeaders(const SegmentHeader& segment) : segment_(segment) {}

  PageOpinion judge(std::uint64_t index, ByteView page) {
    if (page.size() < segment_.page_bytes) return {.fault = "the content ends inside the page"};
    if (page.le64(0) == 0 && is_zero(page)) return {.kind = RegionKind::zero, .fault = {}};
    if (!is_magic(page.le16(0)) || page.le16(2) > k_flags_known || page.le32(4) == 0)
      return {.fault = "no page header of a write-ahead log"};
    const std::uint64_t address = page.le64(8);
    const std::uint64_t expected = segment_.address + index * segment_.page_bytes;
    if (address > expected || (address - index * segment_.page_bytes) % segment_.segment_bytes != 0)
      return {.fault = "the page's address is not that of its place"};
    if (address == expected && page.le16(0) != segment_.magic)
      return {.fault = "the page is of another version than the first"};
    if (address == expected) last_current_ = index;
    return {};
  }

  [[nodiscard]] std::uint64_t last_current() const { return last_current_; }

 private:
  SegmentHeader segment_;
  std::uint64_t last_current_ = 0;
};

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const SegmentHeader segment = parse_segment_header(input.head());
  if (segment.page_bytes == 0) return report;
  report.shape = Shape::whole;
  const std::uint64_t size_bytes = std::min(input.size_bytes(), segment.segment_bytes);
  const PageLayout pages{
      .page_bytes = segment.page_bytes, .page_count = size_bytes / segment.page_bytes, .rule = "postgresql-wal.page"};
  report.end_bytes = pages.page_count * segment.page_bytes;
  if (input.size_bytes() < segment.segment_bytes) {
    // Archives of unfinished segments and segments sent by pg_receivewal are cut at will; a cut inside a page is not.
    report.remarks("postgresql-wal.length",
                   fmt::format("{} of the segment's {} bytes are here", input.size_bytes(), segment.segment_bytes));
  }
  PageHeaders headers(segment);
  const PageSurvey survey = survey_pages(
      input, report, pages, [&](std::uint64_t index, ByteView page) { return headers.judge(index, page); });
  report.reach = survey.every_page ? Reach::sampled : Reach::frame;
  if (report.shape != Shape::whole || !survey.every_page) {
    if (report.shape == Shape::whole)
      report.holds("postgresql-wal.pages",
                   fmt::format("{} carry headers that fit their place", pages_looked_at(survey, pages)));
    return report;
  }
  const WalChain chain = walk_wal_records(
      input, {.address = segment.address, .page_bytes = segment.page_bytes, .page_count = headers.last_current() + 1});
  if (chain.bad_from_bytes) {
    report.breaks("postgresql-wal.record",
                  fmt::format("record {} at byte {}: {}", chain.records + 1, *chain.bad_from_bytes, chain.fault),
                  {.from = *chain.bad_from_bytes, .to = std::max(*chain.bad_from_bytes, chain.bad_to_bytes)});
    return report;
  }
  report.holds("postgresql-wal.records",
               fmt::format("{} carry headers that fit their place, the CRC-32C of {} records fit",
                           pages_looked_at(survey, pages), chain.records));
  return report;
}

}  // namespace

const Format k_postgresql_wal_format = {.id = "postgresql_wal",
                                        .title = "PostgreSQL write-ahead log",
                                        .family = Family::database,
                                        .claims = k_claims,
                                        .recognise = recognise,
                                        .walk = walk};

}  // namespace lastgood::formats
