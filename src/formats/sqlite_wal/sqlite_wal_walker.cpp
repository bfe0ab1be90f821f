// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Write-ahead log of an SQLite 3 database. Specification: sqlite.org "Database File Format", section 4; "WAL-mode File
// Format", section 2.
//
//   file   = header(32) frame*
//   header = magic(4) version(4) page size(4) checkpoints(4) salt(8) checksum(8, over the first 24 bytes)
//   frame  = page number(4) pages after commit(4) salt(8) checksum(8) page
//
// A frame's checksum goes on where that of the frame before it ended. When the log is used again from its start, old
// frames stay behind the new ones; their first salt is lower, for each new use adds one to it.
#include "formats/sqlite_wal/sqlite_wal_walker.h"

#include <array>
#include <bit>

#include <fmt/format.h>

#include "formats/pages/page_survey.h"
#include "model/pages/sqlite_log_sums.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"db-wal", Promise::firm}, NameClaim{"sqlite-wal", Promise::firm},
                                 NameClaim{"sqlite3-wal", Promise::firm}, NameClaim{"wal", Promise::loose}};
constexpr std::uint32_t k_magic = 0x377F0682;  // the lowest bit tells big-endian checksums
constexpr std::uint32_t k_version = 3007000;
constexpr std::uint64_t k_header_bytes = 32;
constexpr std::uint64_t k_frame_header_bytes = 24;
constexpr std::uint32_t k_uses_max = 1U << 20;

using model::pages::LogByteOrder;
using model::pages::LogSums;

bool is_magic(ByteView head) { return (head.be32(0) & ~1U) == k_magic && head.be32(4) == k_version; }

Likeness recognise(const Edges& edges) { return is_magic(edges.head) ? Likeness::strong : Likeness::none; }

/// Checks frames in ascending order; sums are compared wherever the frame before was seen too.
class FrameCheck {
 public:
  explicit FrameCheck(ByteView header)
      : order_((header.be32(0) & 1U) != 0 ? LogByteOrder::big : LogByteOrder::little),
        salt_first_(header.be32(16)),
        salt_second_(header.be32(20)),
        before_(model::pages::stored_log_sums(header, 24)),
        salts_before_(header.be64(16)) {}

  PageOpinion judge(std::uint64_t index, ByteView frame, std::uint64_t frame_bytes) {
    const bool goes_on = index == next_index_ && frame.be64(8) == salts_before_;
    const LogSums stored = model::pages::stored_log_sums(frame, 16);
    const LogSums expected = before_;
    next_index_ = index + 1;
    before_ = stored;
    salts_before_ = frame.be64(8);
    if (frame.size() < frame_bytes) return {.fault = "the content ends inside the frame"};
    const std::uint32_t uses = salt_first_ - frame.be32(8);
    const bool is_current = uses == 0 && frame.be32(12) == salt_second_;
    if (!is_current && (uses == 0 || uses > k_uses_max))
      return {.fault = "the salt is neither that of the header nor of an earlier use"};
    if (frame.be32(0) == 0) return {.fault = "the page number is 0"};
    if (!goes_on) return {};
    const LogSums sums = model::pages::add_to_log_sums(
        frame.part(k_frame_header_bytes), order_, model::pages::add_to_log_sums(frame.part(0, 8), order_, expected));
    if (sums != stored) return {.fault = "the checksum does not fit the frame and the one before it"};
    return {.kind = RegionKind::verified, .fault = {}};
  }

 private:
  LogByteOrder order_;
  std::uint32_t salt_first_;
  std::uint32_t salt_second_;
  LogSums before_;
  std::uint64_t salts_before_;
  std::uint64_t next_index_ = 0;
};

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView header = input.head().part(0, k_header_bytes);
  if (!is_magic(header)) return report;
  report.shape = Shape::whole;
  const std::uint32_t page_bytes = header.be32(8);
  const LogByteOrder order = (header.be32(0) & 1U) != 0 ? LogByteOrder::big : LogByteOrder::little;
  const bool sums_fit =
      header.size() == k_header_bytes &&
      model::pages::add_to_log_sums(header.part(0, 24), order, {}) == model::pages::stored_log_sums(header, 24);
  if (!sums_fit || page_bytes < 512 || page_bytes > 65536 || !std::has_single_bit(page_bytes)) {
    report.breaks("sqlite-wal.header",
                  sums_fit ? fmt::format("page size {}", page_bytes) : "the header's checksum does not fit",
                  {.from = 0, .to = header.size()});
    return report;
  }
  report.region(0, k_header_bytes, RegionKind::verified);
  const std::uint64_t frame_bytes = k_frame_header_bytes + page_bytes;
  const PageLayout frames{.from_bytes = k_header_bytes,
                          .page_bytes = frame_bytes,
                          .page_count = (input.size_bytes() - k_header_bytes) / frame_bytes,
                          .first_number = 1,
                          .rule = "sqlite-wal.frame"};
  report.end_bytes = k_header_bytes + frames.page_count * frame_bytes;
  FrameCheck check(header);
  const PageSurvey survey = survey_pages(input, report, frames, [&](std::uint64_t index, ByteView frame) {
    return check.judge(index, frame, frame_bytes);
  });
  report.reach = !survey.every_page                        ? Reach::frame
                 : survey.verified + 1 >= survey.looked_at ? Reach::content
                                                           : Reach::sampled;
  if (report.shape == Shape::whole) {
    report.holds("sqlite-wal.frames",
                 fmt::format("{} (frames of {} bytes) carry salts of this log, the checksums of {} fit",
                             pages_looked_at(survey, frames), frame_bytes, survey.verified));
  }
  return report;
}

}  // namespace

const Format k_sqlite_wal_format = {.id = "sqlite_wal",
                                    .title = "SQLite write-ahead log",
                                    .family = Family::database,
                                    .claims = k_claims,
                                    .recognise = recognise,
                                    .walk = walk};

}  // namespace lastgood::formats
