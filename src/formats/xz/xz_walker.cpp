// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// xz. Specification: The .xz File Format, version 1.1.0.
//
//   file   = (stream padding)+                    padding: zeros, a multiple of four
//   stream = header block* index footer
//   header = FD "7zXZ" 00 flags(2) crc32(4)
//   block  = size(1) flags(1) [sizes] filters padding crc32(4)  data  padding  check
//   index  = 00 count (unpadded-size decoded-size)* padding crc32(4)
//   footer = crc32(4) backward-size(4) flags(2) "YZ"
//
// The index makes the skeleton cheap: it is read from the last byte backwards, then the blocks forwards.
#include "formats/xz/xz_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"
#include "formats/dump_end.h"
#include "formats/xz/xz_index.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"xz", Promise::firm}, NameClaim{"txz", Promise::firm}};
constexpr std::size_t k_blocks_max = std::size_t{1} << 20;  // 24 MiB of memory; the tool's blocks are 24 MiB each
constexpr std::size_t k_streams_max = 65'536;

Likeness recognise(const Edges& edges) {
  return is_xz_stream_header(edges.head.part(0, k_xz_frame_bytes)) ? Likeness::strong : Likeness::none;
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  std::uint64_t budget_bytes = 0;
  std::uint64_t blocks = 0;
  std::uint64_t proven = 0;
  std::uint64_t decoded_bytes = 0;
  DumpEndWatch dump = {};
};

/// End of the last footer: before padding, or before foreign bytes that were appended.
std::optional<std::uint64_t> find_last_footer(WalkInput& input) {
  const ByteView tail = input.tail();
  const std::uint64_t tail_from = input.size_bytes() - tail.size();
  std::size_t last = ByteView::npos;
  for (std::size_t at = tail.find("YZ"sv, 10); at != ByteView::npos; at = tail.find("YZ"sv, at + 1)) {
    if (is_xz_stream_footer(tail.part(at - 10, k_xz_frame_bytes))) last = at;
  }
  if (last == ByteView::npos) return std::nullopt;
  return tail_from + last + 2;
}

/// All streams, the last one first; ends at the first that does not hold.
std::vector<XzStream> find_streams(WalkInput& input, std::uint64_t to) {
  std::vector<XzStream> streams;
  while (to > 0 && streams.size() < k_streams_max && input.may_continue()) {
    const std::optional<XzStream> stream = find_xz_stream(input, to);
    if (!stream) {
      const ByteView four = input.at(to - std::min<std::uint64_t>(to, 4), 4);
      if (streams.empty() || four.size() < 4 || four.le32(0) != 0) break;
      to -= 4;  // padding between streams, section 2.2
      continue;
    }
    streams.push_back(*stream);
    to = stream->from;
  }
  return streams;
}

/// Section 3.1: the header's own checksum stands at its end.
bool block_header_fits(WalkInput& input, const XzBlock& block) {
  const std::uint64_t header_bytes = (std::uint64_t{input.at(block.from, 1).u8(0)} + 1) * 4;
  if (header_bytes > block.padded_bytes || header_bytes == 4) return false;
  const ByteView header = input.at(block.from, static_cast<std::size_t>(header_bytes));
  return header.size() == header_bytes &&
         header.le32(header_bytes - 4) == base::crc32(header.part(0, header_bytes - 4));
}

void check_block(Walk& walk, const XzStream& stream, const XzBlock& block) {
  const std::uint64_t to = block.from + block.padded_bytes;
  ++walk.blocks;
  if (!block_header_fits(walk.input, block)) {
    walk.report.breaks("xz.block-header",
                       fmt::format("no block header stands at byte {} where the index says", block.from),
                       {.from = block.from, .to = std::min(to, block.from + 64 * 1024)});
    return;
  }
  if (walk.budget_bytes == 0) {
    walk.report.region(block.from, to, RegionKind::compressed);
    return;
  }
  Decoded decoded =
      decode_xz_block(walk.input, block.from, to, stream.check, walk.budget_bytes, [&walk](base::ByteView piece) {
        walk.dump.see(piece);
        return true;
      });
  walk.budget_bytes -= std::min(walk.budget_bytes, decoded.produced_bytes);
  walk.decoded_bytes += decoded.produced_bytes;
  if (decoded.end == DecodeEnd::complete && decoded.produced_bytes != block.decoded_bytes) {
    decoded.end = DecodeEnd::malformed;
  }
  const UnitState state =
      report_decoding_in_frame(walk.report, decoded, {.from = block.from, .to = to}, "xz.block", "the block");
  if (state == UnitState::proven) ++walk.proven;
  if (state == UnitState::not_decoded) walk.budget_bytes = 0;
}

void check_stream(Walk& walk, const XzStream& stream) {
  walk.report.region(stream.from, stream.from + k_xz_frame_bytes, RegionKind::structured);
  const std::vector<XzBlock> blocks = read_xz_blocks(walk.input, stream, k_blocks_max);
  for (const XzBlock& block : blocks) {
    if (!walk.input.may_continue()) return;
    check_block(walk, stream, block);
  }
  if (blocks.size() == k_blocks_max) {
    walk.report.remarks("xz.limit", fmt::format("only the first {} blocks of a stream were looked at", k_blocks_max));
    walk.report.region(blocks.back().from, stream.index_from, RegionKind::compressed);
  }
  walk.report.region(stream.index_from, stream.to, RegionKind::structured);
}

/// No footer, or an index that does not fit: says where the stream that begins the content breaks.
void explain_without_index(Walk& walk) {
  WalkInput& input = walk.input;
  const std::uint64_t size = input.size_bytes();
  const Decoded decoded = decode_stream(input, 0, size, Codec::xz, walk.budget_bytes);
  if (decoded.end == DecodeEnd::complete) {
    walk.report.region(0, decoded.consumed_bytes, RegionKind::verified);
    walk.report.end_bytes = decoded.consumed_bytes;
    walk.report.reach = Reach::content;
    walk.report.remarks("xz.first-stream", fmt::format("the first stream decodes to its end at byte {}, what follows "
                                                       "is no stream",
                                                       decoded.consumed_bytes));
    return;
  }
  if (input.stopped()) {
    walk.report.remarks("xz.limit", "stopped by a limit before a stream footer was found");
    return;
  }
  const std::uint64_t footer_from = size - std::min(size, k_xz_frame_bytes);
  if (decoded.end != DecodeEnd::stopped) {
    (void)report_decoding_to_end(walk.report, decoded, {.from = 0, .to = size}, "xz.stream", "the stream");
  }
  walk.report.breaks("xz.footer", "no stream footer and index stand at the end of the content",
                     {.from = footer_from, .to = size});
}

void conclude(Walk& walk, std::size_t streams, std::uint64_t end) {
  WalkReport& report = walk.report;
  report.end_bytes = end;
  const std::uint64_t zeros = zero_run_bytes(walk.input, end);
  if (end + zeros == walk.input.size_bytes() && zeros % 4 == 0) report.allowed_trailing_bytes = zeros;
  const bool all = walk.proven == walk.blocks && !walk.input.stopped();
  report.reach = all ? Reach::content : walk.decoded_bytes > 0 ? Reach::sampled : Reach::frame;
  if (all && report.shape == Shape::whole) walk.dump.tell("xz", walk.input.size_bytes(), report);
  if (report.shape != Shape::whole) return;
  report.holds("xz.index",
               fmt::format("streams: {}, blocks: {}, of which {} decode with fitting check; {} bytes decoded", streams,
                           walk.blocks, walk.proven, walk.decoded_bytes));
}

WalkReport walk_streams(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0,
                            "\xfd"
                            "7zXZ\0"sv)) {
    return report;
  }
  report.shape = Shape::whole;
  Walk walk{.input = input, .report = report, .budget_bytes = dump_budget_bytes(input, Codec::xz, DecodeSpeed::slow)};
  if (!is_xz_stream_header(input.head().part(0, k_xz_frame_bytes))) {
    report.breaks("xz.header", "the checksum of the stream header does not fit", {.from = 0, .to = k_xz_frame_bytes});
    return report;
  }
  const std::optional<std::uint64_t> end = find_last_footer(input);
  const std::vector<XzStream> streams = end ? find_streams(input, *end) : std::vector<XzStream>();
  if (streams.empty() || streams.back().from != 0) {
    explain_without_index(walk);
    return report;
  }
  for (auto stream = streams.rbegin(); stream != streams.rend(); ++stream) check_stream(walk, *stream);
  conclude(walk, streams.size(), *end);
  return report;
}

std::optional<SurvivingRest> find_rest(WalkInput& input) {
  const std::optional<std::uint64_t> end = find_last_footer(input);
  std::uint64_t index_from = 0;
  const std::optional<std::uint64_t> blocks = end ? find_xz_blocks_bytes(input, *end, index_from) : std::nullopt;
  if (!blocks) return std::nullopt;
  const std::uint64_t before = k_xz_frame_bytes + *blocks;
  if (before <= index_from) return SurvivingRest{.sentence = "the content ends with a stream's index and footer"};
  return SurvivingRest{.place = SurvivingRest::Place::shifted,
                       .sentence = fmt::format("the index at the end counts {} bytes more before it than are there",
                                               before - index_from)};
}

}  // namespace

const Format k_xz_format = {.id = "xz",
                            .title = "xz compressed data",
                            .family = Family::archive,
                            .claims = k_claims,
                            .recognise = recognise,
                            .walk = walk_streams,
                            .find_rest = find_rest};

}  // namespace lastgood::formats
