// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Rollback journal of an SQLite 3 database. Specification: sqlite.org "Database File Format", section 3.
//
//   file    = segment+ [name of the super-journal]
//   segment = magic(8) records(4; 0 or -1: to the end) nonce(4) pages of the database(4) sector size(4) page size(4),
//             filled up to one sector, then record*
//   record  = page number(4) page checksum(4: the nonce plus every 200th byte of the page, counted from its end)
//
// A journal that was used and is kept has its first 28 bytes zeroed: it has no magic and is not recognised.
#include "formats/sqlite_journal/sqlite_journal_walker.h"

#include <algorithm>
#include <array>
#include <bit>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"db-journal", Promise::loose}, NameClaim{"sqlite-journal", Promise::loose},
                                 NameClaim{"sqlite3-journal", Promise::loose}};
constexpr std::string_view k_magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"sv;
constexpr std::uint64_t k_header_bytes = 28;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

struct Segment {
  std::uint32_t records = 0;
  bool records_known = false;
  std::uint32_t nonce = 0;
  std::uint32_t sector_bytes = 0;
  std::uint32_t page_bytes = 0;
};

Segment parse_segment(ByteView bytes) {
  const std::uint32_t records = bytes.be32(8);
  return {.records = records,
          .records_known = records != 0 && records != 0xFFFFFFFF,
          .nonce = bytes.be32(12),
          .sector_bytes = bytes.be32(20),
          .page_bytes = bytes.be32(24)};
}

bool sizes_fit(const Segment& segment) {
  const auto fits = [](std::uint32_t size) { return size >= 32 && size <= 65536 && std::has_single_bit(size); };
  return fits(segment.sector_bytes) && fits(segment.page_bytes) && segment.page_bytes >= 512;
}

bool record_fits(const Segment& segment, ByteView record) {
  if (record.size() < segment.page_bytes + 8 || record.be32(0) == 0) return false;
  std::uint32_t sum = segment.nonce;
  for (std::uint32_t at = segment.page_bytes; at > 200;) {
    at -= 200;
    sum += record.u8(4 + at);
  }
  return sum == record.be32(4 + segment.page_bytes);
}

/// Walks the records of one segment and gives the byte behind them; 0 when one that must fit does not.
std::uint64_t walk_records(WalkInput& input, WalkReport& report, const Segment& segment, std::uint64_t at,
                           std::uint64_t& records) {
  const std::uint64_t record_bytes = std::uint64_t{segment.page_bytes} + 8;
  for (std::uint64_t i = 0; !segment.records_known || i < segment.records; ++i) {
    if (!input.may_continue()) return at;
    const ByteView record = input.at(at, static_cast<std::size_t>(record_bytes));
    if (record.empty() && !segment.records_known) return at;
    if (!record_fits(segment, record)) {
      if (!segment.records_known) return at;  // never synced: whatever follows was not finished
      report.breaks("sqlite-journal.record", fmt::format("record {} at byte {}: its checksum does not fit", i + 1, at),
                    {.from = std::min(input.size_bytes(), at), .to = std::min(input.size_bytes(), at + record_bytes)});
      return 0;
    }
    at += record_bytes;
    ++records;
  }
  return at;
}

/// A super-journal's name: lock page(4) name length(4) checksum(4) magic(8), at the very end.
std::uint64_t super_journal_bytes(const WalkInput& input, std::uint64_t from) {
  const ByteView tail = input.tail();
  if (tail.size() < 20 || !tail.matches(tail.size() - 8, k_magic)) return 0;
  const std::uint64_t total = std::uint64_t{20} + tail.be32(tail.size() - 16);
  return input.size_bytes() - from == total ? total : 0;
}

/// A segment's magic and count are written last, when its records are safe: until then they are zero.
bool is_segment(ByteView header, const Segment& before) {
  if (header.matches(0, k_magic)) return true;
  const Segment segment = parse_segment(header);
  return before.page_bytes != 0 && header.be64(0) == 0 && segment.records == 0 &&
         segment.page_bytes == before.page_bytes && segment.sector_bytes == before.sector_bytes;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0, k_magic)) return report;
  report.shape = Shape::whole;
  std::uint64_t at = 0;
  std::uint64_t records = 0;
  std::uint64_t segments = 0;
  Segment segment;
  while (input.may_continue()) {
    const ByteView header = input.at(at, k_header_bytes);
    if (!is_segment(header, segment)) break;
    segment = parse_segment(header);
    if (header.size() < k_header_bytes || !sizes_fit(segment)) {
      report.breaks("sqlite-journal.header",
                    fmt::format("segment at byte {}: sectors of {} bytes, pages of {}", at, segment.sector_bytes,
                                segment.page_bytes),
                    {.from = at, .to = at + header.size()});
      return report;
    }
    const std::uint64_t behind = walk_records(input, report, segment, at + segment.sector_bytes, records);
    if (behind == 0) return report;
    ++segments;
    report.end_bytes = std::min(behind, input.size_bytes());
    at = (behind + segment.sector_bytes - 1) / segment.sector_bytes * segment.sector_bytes;
  }
  if (!report.end_bytes) return report;
  report.region(0, *report.end_bytes, RegionKind::structured);
  report.allowed_trailing_bytes = super_journal_bytes(input, *report.end_bytes);
  report.reach = input.stopped() ? Reach::opening : Reach::sampled;
  report.holds("sqlite-journal.records",
               fmt::format("the checksums of {} records in {} segments fit", records, segments));
  return report;
}

}  // namespace

const Format k_sqlite_journal_format = {.id = "sqlite_journal",
                                        .title = "SQLite rollback journal",
                                        .family = Family::database,
                                        .claims = k_claims,
                                        .recognise = recognise,
                                        .walk = walk};

}  // namespace lastgood::formats
