// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Event log of Windows (Vista and newer): .evtx. Facts: libyal, "Windows XML Event Log (EVTX) format".
//
//   file   = header(4096) chunk(65536)*
//   header = "ElfFile\0" first chunk(8) last chunk(8) next record(8) 128(4) minor(2) major(2) 4096(2) chunks(2) ...
//            flags(4, at 120: 1 not closed, 2 full) crc32(4, over the first 120 bytes)
//   chunk  = "ElfChnk\0" numbers and identifiers of the first and last record(32) 128(4) last record at(4)
//            free from(4) crc32 of the records(4) ... crc32 of the header(4, at 124), tables, records from byte 512
//   record = 2a 2a 00 00 length(4) identifier(8) time(8) content length(4, the same again)
//
// Chunks not yet used are zeros or left over from an earlier life. While the log is open its newest chunk may be ahead
// of its checksums: then the chain of its records counts.
#include "formats/evtx/evtx_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/pages/page_survey.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"evtx", Promise::firm}};
constexpr std::string_view k_magic = "ElfFile\0"sv;
constexpr std::string_view k_chunk_magic = "ElfChnk\0"sv;
constexpr std::string_view k_record_magic = "\x2a\x2a\0\0"sv;
constexpr std::uint64_t k_header_bytes = 4096;
constexpr std::uint64_t k_chunk_bytes = 65536;
constexpr std::uint64_t k_records_at = 512;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

bool is_zero(ByteView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

bool header_sum_fits(ByteView chunk) {
  return base::crc32(chunk.part(128, k_records_at - 128), base::crc32(chunk.part(0, 120))) == chunk.le32(124);
}

/// Follows the records to the free room; the identifiers must ascend.
std::string_view find_record_fault(ByteView chunk, std::uint64_t end) {
  std::uint64_t at = k_records_at;
  std::uint64_t before = 0;
  while (at < end) {
    const std::uint64_t length = chunk.le32(at + 4);
    if (!chunk.matches(at, k_record_magic)) return "a record does not begin as records do";
    if (length < 28 || length > k_chunk_bytes - at || chunk.le32(at + length - 4) != length)
      return "a record's two lengths differ";
    if (before != 0 && chunk.le64(at + 8) <= before) return "the records are not in ascending order";
    before = chunk.le64(at + 8);
    at += length;
  }
  return {};
}

PageOpinion judge_chunk(ByteView chunk, std::uint64_t count_of_chunks, std::uint64_t index) {
  if (chunk.size() < k_chunk_bytes) return {.fault = "the content ends inside the chunk"};
  if (chunk.le64(0) == 0 && is_zero(chunk)) return {.kind = RegionKind::zero, .fault = {}};
  // Room the log reserved may hold whatever the disk held; only what counts as used must be a chunk.
  const bool is_chunk = chunk.matches(0, k_chunk_magic);
  if (!is_chunk && index >= count_of_chunks)
    return {.kind = RegionKind::plain, .fault = chunk.le64(0) == 0 ? std::string_view{} : "no chunk begins here"};
  if (!is_chunk) return {.fault = "no chunk begins here"};
  const std::uint64_t end = chunk.le32(48);
  if (end < k_records_at || end > k_chunk_bytes || chunk.le32(40) != 128)
    return {.fault = "the chunk's header cannot be"};
  const bool records_fit = base::crc32(chunk.part(k_records_at, end - k_records_at)) == chunk.le32(52);
  if (header_sum_fits(chunk) && records_fit) return {.kind = RegionKind::verified, .fault = {}};
  return {.fault = find_record_fault(chunk, end).empty() ? std::string_view{}
                                                         : "neither the CRC-32 nor the chain of records fits"};
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, k_magic)) return report;
  report.shape = Shape::whole;
  const bool fits = head.has(0, 128) && head.le32(32) == 128 && head.le16(38) == 3 && head.le16(40) == k_header_bytes;
  const bool is_open = (head.le32(120) & 1) != 0;
  if (!fits || base::crc32(head.part(0, 120)) != head.le32(124)) {
    report.breaks("evtx.header",
                  fits ? "the header's CRC-32 does not fit" : "the sizes or the version in the header cannot be",
                  {.from = 0, .to = std::min<std::uint64_t>(128, input.size_bytes())});
    if (!fits) return report;
  }
  report.region(0, k_header_bytes < input.size_bytes() ? k_header_bytes : input.size_bytes(), RegionKind::structured);
  const std::uint64_t room = input.size_bytes() > k_header_bytes ? input.size_bytes() - k_header_bytes : 0;
  const std::uint64_t counted = head.le16(42);
  const PageLayout chunks{.from_bytes = k_header_bytes,
                          .page_bytes = k_chunk_bytes,
                          .page_count = room / k_chunk_bytes,
                          .rule = "evtx.chunk"};
  report.end_bytes = k_header_bytes + chunks.page_count * k_chunk_bytes;
  if (*report.end_bytes > input.size_bytes()) report.end_bytes = input.size_bytes();
  if (counted > chunks.page_count) {
    report.breaks("evtx.length",
                  fmt::format("the header counts {} chunks, the content has {}", counted, chunks.page_count),
                  {.from = 40, .to = 44});
  }
  const PageSurvey survey = survey_pages(
      input, report, chunks, [&](std::uint64_t index, ByteView chunk) { return judge_chunk(chunk, counted, index); });
  const bool all_proven = survey.verified + survey.zero == survey.looked_at;
  report.reach = !survey.every_page ? Reach::frame : all_proven ? Reach::content : Reach::sampled;
  if (report.shape == Shape::whole) {
    report.holds("evtx.chunks",
                 fmt::format("{} (chunks of 64 KiB): {} fit their CRC-32, {} unused{}", pages_looked_at(survey, chunks),
                             survey.verified, survey.zero, is_open ? ", the log was not closed" : ""));
  }
  return report;
}

}  // namespace

const Format k_evtx_format = {.id = "evtx",
                              .title = "Windows event log",
                              .family = Family::other,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
