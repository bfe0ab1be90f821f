// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// JPEG 2000 files and bare codestreams. Specifications: ITU-T T.800 annexes A (codestream) and I (JP2), T.801 (JPX).
//
//   JP2    = signature box, 'ftyp', box*, among them 'jp2h' and 'jp2c' with the codestream; they tile the file
//   box    = length(4) type(4) [ length(8) ] payload, as in ISO/IEC 14496-12
//   stream = SOC SIZ segment* ( SOT segment* SOD data )+ EOC; SOT tells the length of its tile-part
#include "formats/jp2/jp2_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/codec/jpeg2000_stream.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {
    NameClaim{"jp2", Promise::firm}, NameClaim{"j2k", Promise::firm}, NameClaim{"j2c", Promise::firm},
    NameClaim{"jpc", Promise::firm}, NameClaim{"jpx", Promise::firm}, NameClaim{"jpf", Promise::firm},
    NameClaim{"jpm", Promise::firm}, NameClaim{"mj2", Promise::firm}, NameClaim{"jph", Promise::firm}};
constexpr std::string_view k_signature = "\0\0\0\x0CjP  \r\n\x87\n"sv;
constexpr std::uint64_t k_filling_bytes_max = 64 * 1024;

Likeness recognise(const Edges& edges) {
  const bool is_known = edges.head.matches(0, k_signature) || begins_jpeg2000_stream(edges.head);
  return is_known ? Likeness::strong : Likeness::none;
}

Jpeg2000Effort choose_effort(const WalkInput& input) {
  const bool all = input.depth() == model::Depth::full || !input.whole().empty();
  return all ? Jpeg2000Effort::bytes : Jpeg2000Effort::frame;
}

void allow_filling(WalkInput& input, WalkReport& report) {
  const std::uint64_t rest = input.size_bytes() - *report.end_bytes;
  if (rest <= k_filling_bytes_max && zero_run_bytes(input, *report.end_bytes, rest) == rest)
    report.allowed_trailing_bytes = rest;
}

void tell(WalkInput& input, const Jpeg2000Stream& stream, std::uint64_t streams, std::uint64_t end,
          WalkReport& report) {
  const bool all = choose_effort(input) == Jpeg2000Effort::bytes;
  report.end_bytes = end;
  allow_filling(input, report);
  report.reach = all ? Reach::sampled : Reach::frame;
  if (report.shape == Shape::broken) return;
  report.holds(
      "jp2.stream",
      fmt::format("{} by {} pixels; {} codestreams with {} tile-parts in the last one, to byte {}{}", stream.width,
                  stream.height, streams, stream.tile_parts, end, all ? ", every 0xFF in them as it should be" : ""));
}

void walk_boxes(WalkInput& input, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  std::uint64_t at = 0;
  std::uint64_t streams = 0;
  Jpeg2000Stream stream;
  while (at < size && input.may_continue()) {
    const ByteView header = input.at(at, 16);
    std::uint64_t length = header.be32(0);
    std::uint64_t payload = at + 8;
    const bool is_stream = header.matches(4, "jp2c"sv);
    if (length == 1) {
      length = header.be64(8);
      payload = at + 16;
    } else if (length == 0) {
      length = size - at;
    }
    if (header.size() < 8 || length < payload - at || length > size - at) {
      // Behind the last codestream it is something appended; before, a box was overwritten or cut.
      if (streams > 0 && !is_stream) break;
      if (is_stream && length > size - at) {
        report.breaks("jp2.cut",
                      fmt::format("the codestream's box at byte {} goes beyond the content's end at byte {}", at, size),
                      {.from = size, .to = size});
        return;
      }
      report.breaks("jp2.box", fmt::format("no box fits at byte {}; the content has {} bytes", at, size),
                    {.from = at, .to = size});
      return;
    }
    report.region(at, payload, RegionKind::structured);
    if (is_stream) {
      if (!begins_jpeg2000_stream(input.at(payload, 4))) {
        report.breaks("jp2.codestream", fmt::format("no codestream begins at byte {}", payload),
                      {.from = payload, .to = at + length});
        return;
      }
      stream = walk_jpeg2000_stream(input, payload, at + length, choose_effort(input), report);
      if (stream.stopped || !stream.is_closed) return;
      ++streams;
    } else {
      report.region(payload, at + length, length < 65'536 ? RegionKind::plain : RegionKind::compressed);
    }
    at += length;
  }
  if (input.stopped()) return;
  const bool holds_pictures = streams > 0 || input.name().ends_with(".mj2") || input.name().ends_with(".jpm");
  if (!holds_pictures) report.breaks("jp2.codestream", "no box holds a codestream", {.from = 0, .to = size});
  tell(input, stream, streams, at, report);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (input.head().matches(0, k_signature)) {
    report.shape = Shape::whole;
    walk_boxes(input, report);
  } else if (begins_jpeg2000_stream(input.head())) {
    report.shape = Shape::whole;
    report.format = "j2k";
    const Jpeg2000Stream stream = walk_jpeg2000_stream(input, 0, input.size_bytes(), choose_effort(input), report);
    if (!stream.stopped && stream.is_closed) tell(input, stream, 1, stream.end_bytes, report);
  }
  if (input.stopped()) report.remarks("jp2.limit", "stopped by a limit");
  return report;
}

}  // namespace

const Format k_jp2_format = {.id = "jp2",
                             .title = "JPEG 2000 image",
                             .family = Family::image,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
