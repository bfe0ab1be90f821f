// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// JPEG files: one stream, and what cameras and phones append. Specifications: ITU-T T.81 annex B (JPEG), T.871 (JFIF),
// T.87 (JPEG-LS), CIPA DC-007 (multi-picture), DC-008 (Exif).
//
//   file     = stream trailing
//   stream   = SOI segment* ( SOS-segment scan segment* )+ EOI
//   segment  = 0xFF+ marker length(2, big endian, counts itself) bytes(length - 2)
//   scan     = bytes in which 0xFF is followed by 0x00, or by RST0..RST7 in their turn
//   trailing = further streams (multi-picture, gain map) | a movie (motion photo) | a maker's trailer | filling
#include "formats/jpeg/jpeg_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/codec/jpeg_stream.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"jpg", Promise::firm},  NameClaim{"jpeg", Promise::firm},
                                 NameClaim{"jpe", Promise::firm},  NameClaim{"jfif", Promise::firm},
                                 NameClaim{"mpo", Promise::firm},  NameClaim{"jls", Promise::firm},
                                 NameClaim{"thm", Promise::loose}, NameClaim{"jps", Promise::loose}};
constexpr int k_streams_max = 64;
constexpr std::uint64_t k_filling_bytes_max = 64 * 1024;

Likeness recognise(const Edges& edges) { return begins_jpeg_stream(edges.head) ? Likeness::strong : Likeness::none; }

JpegEffort choose_effort(const WalkInput& input) {
  if (input.depth() == model::Depth::full) return JpegEffort::decoded;
  return input.whole().empty() ? JpegEffort::sampled : JpegEffort::bytes;
}

/// Length of the filling (zeros, 0xFF, line ends) at `from`; 0 when other bytes follow within what is looked at.
std::uint64_t filling_bytes(WalkInput& input, std::uint64_t from) {
  const ByteView bytes =
      input.at(from, static_cast<std::size_t>(std::min(k_filling_bytes_max, input.size_bytes() - from)));
  std::uint64_t count = 0;
  for (const std::uint8_t byte : bytes) {
    if (byte != 0 && byte != 0xFF && byte != '\r' && byte != '\n' && byte != 0x1A) break;
    if (byte == 0xFF && bytes.matches(count, "\xFF\xD8\xFF"sv)) break;
    ++count;
  }
  return count;
}

/// True when boxes (ISO/IEC 14496-12) that begin with 'ftyp' tile [from, to): the movie of a motion photo.
bool is_movie(WalkInput& input, std::uint64_t from, std::uint64_t to) {
  if (!input.at(from, 8).matches(4, "ftyp"sv)) return false;
  std::uint64_t at = from;
  while (at < to && input.may_continue()) {
    const ByteView box = input.at(at, 16);
    std::uint64_t length = box.be32(0);
    if (length == 1) length = box.be64(8);
    if (length == 0) return true;
    if (length < 8 || length > to - at) return false;
    at += length;
  }
  return at == to;
}

/// Where a trailer begins that a phone or camera maker is known to append; the content's size when there is none.
std::uint64_t find_maker_trailer(const WalkInput& input) {
  const ByteView tail = input.tail();
  const std::uint64_t tail_from = input.size_bytes() - tail.size();
  if (tail.size() >= 8 && tail.matches(tail.size() - 4, "SEFT"sv)) {
    const std::uint64_t directory_bytes = tail.le32(tail.size() - 8) + std::uint64_t{8};
    if (directory_bytes <= tail.size() && tail.matches(tail.size() - directory_bytes, "SEFH"sv)) {
      return tail_from + tail.size() - directory_bytes;
    }
  }
  const std::size_t canon =
      tail.size() < 64 ? ByteView::npos : tail.part(tail.size() - 64).find("CANON OPTIONAL DATA\0"sv);
  if (canon != ByteView::npos) return tail_from;
  return input.size_bytes();
}

/// Says how many bytes behind the last stream belong to the file by its maker's habit.
std::uint64_t allowed_trailing(WalkInput& input, std::uint64_t end, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t filling = filling_bytes(input, end);
  if (end + filling == size) return filling;
  const std::uint64_t trailer = find_maker_trailer(input);
  if (is_movie(input, end, trailer) || is_movie(input, end + filling, trailer)) {
    report.remarks("jpeg.motion-photo", fmt::format("a movie follows the picture from byte {}", end),
                   {.from = end, .to = size});
    report.region(end, trailer, RegionKind::compressed);
    return size - end;
  }
  if (trailer < size) {
    report.remarks("jpeg.maker-trailer", fmt::format("the camera's own trailer follows the picture from byte {}", end),
                   {.from = end, .to = size});
    return size - end;
  }
  return 0;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!begins_jpeg_stream(input.head())) return report;
  report.shape = Shape::whole;
  const JpegEffort effort = choose_effort(input);
  std::uint64_t at = 0;
  int streams = 0;
  JpegStream first;
  bool decoded = true;
  while (streams < k_streams_max) {
    const JpegStream stream = walk_jpeg_stream(input, at, input.size_bytes(), effort, report);
    decoded = decoded && stream.is_decoded;
    if (streams == 0) first = stream;
    if (stream.stopped) {
      report.remarks("jpeg.limit", fmt::format("stopped by a limit at byte {}", stream.end_bytes));
      return report;
    }
    if (!stream.is_closed) return report;
    ++streams;
    at = stream.end_bytes;
    const std::uint64_t next = at + filling_bytes(input, at);
    if (!begins_jpeg_stream(input.at(next, 4))) break;
    at = next;
  }
  report.end_bytes = at;
  report.allowed_trailing_bytes = allowed_trailing(input, at, report);
  report.reach = decoded ? Reach::content : effort == JpegEffort::sampled ? Reach::sampled : Reach::frame;
  if (report.shape == Shape::broken) return report;
  const std::string_view scans = decoded                         ? "every code word of them decoded"sv
                                 : effort == JpegEffort::sampled ? "samples of them as they should be"sv
                                                                 : "every 0xFF in them as it should be"sv;
  report.holds("jpeg.stream",
               fmt::format("{} by {} pixels, {} segments and {} scans to the end marker before byte {}, {}",
                           first.width, first.height, first.segments, first.scans, first.end_bytes, scans));
  return report;
}

}  // namespace

const Format k_jpeg_format = {.id = "jpeg",
                              .title = "JPEG image",
                              .family = Family::image,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
