// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// bzip2. There is no specification of its author's; the layout is told by the bzip2 1.0.8 manual and source.
//
//   file   = stream+ [anything: the tool ignores and names it]
//   stream = "BZh" level(1-9)  block*  17 72 45 38 50 90 crc32(4)  zero bits up to a byte
//   block  = 31 41 59 26 53 59 crc32(4) ...            bits, not bytes: after the first block nothing is aligned
//
// The end mark within the last bytes, at any of eight bit positions, is the skeleton's other end.
#include "formats/bzip2/bzip2_walker.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"
#include "formats/decoded_unit.h"
#include "formats/dump_end.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"bz2", Promise::firm}, NameClaim{"tbz2", Promise::firm},
                                 NameClaim{"tbz", Promise::firm}, NameClaim{"bz", Promise::loose}};
constexpr std::uint64_t k_end_mark = 0x177245385090;
constexpr std::uint64_t k_mark_bits = 48;
constexpr std::uint64_t k_end_bytes = 11;  // mark and checksum are 10 bytes, shifted by up to 7 bits

bool begins_stream(ByteView head) {
  const bool level = head.u8(3) >= '1' && head.u8(3) <= '9';
  const bool block = head.matches(4, "\x31\x41\x59\x26\x53\x59"sv);
  const bool empty = head.matches(4, "\x17\x72\x45\x38\x50\x90"sv);
  return head.matches(0, "BZh"sv) && level && (block || empty);
}

Likeness recognise(const Edges& edges) { return begins_stream(edges.head) ? Likeness::strong : Likeness::none; }

/// True when a stream ends with the last byte of `tail`: the end mark, 32 bits, then fewer than eight zero bits.
bool ends_stream(ByteView tail) {
  const ByteView last = tail.part(tail.size() - std::min<std::uint64_t>(tail.size(), k_end_bytes));
  if (last.size() < k_end_bytes - 1) return false;
  const std::uint64_t mark_high = (std::uint64_t{last.size() == k_end_bytes ? last.u8(0) : std::uint8_t{0}} << 48) |
                                  (std::uint64_t{last.be16(last.size() - 10)} << 32) | last.be32(last.size() - 8);
  for (std::uint64_t slack = 0; slack < 8; ++slack) {
    const bool zeros = (last.u8(last.size() - 1) & ((1U << slack) - 1)) == 0;
    if (zeros && ((mark_high >> slack) & ((std::uint64_t{1} << k_mark_bits) - 1)) == k_end_mark) return true;
  }
  return false;
}

struct Walk {
  WalkInput& input;
  WalkReport& report;
  std::uint64_t budget_bytes = 0;
  std::uint64_t at = 0;
  std::uint64_t streams = 0;
  std::uint64_t decoded_bytes = 0;
  DumpEndWatch dump = {};
};

enum class Next : std::uint8_t { stream, stop };

Next check_stream(Walk& walk) {
  const std::uint64_t size = walk.input.size_bytes();
  if (walk.budget_bytes == 0) {
    walk.report.region(walk.at, size, RegionKind::compressed);
    return Next::stop;
  }
  const Decoded decoded =
      decode_stream(walk.input, walk.at, size, Codec::bzip2, walk.budget_bytes, [&walk](base::ByteView piece) {
        walk.dump.see(piece);
        return true;
      });
  walk.budget_bytes -= std::min(walk.budget_bytes, decoded.produced_bytes);
  walk.decoded_bytes += decoded.produced_bytes;
  if (report_decoding_to_end(walk.report, decoded, {.from = walk.at, .to = size}, "bzip2.stream", "the stream") !=
      UnitState::proven) {
    return Next::stop;
  }
  walk.at += decoded.consumed_bytes;
  ++walk.streams;
  return Next::stream;
}

/// Not every byte was decoded: then at least the end must stand where it belongs.
void check_end(Walk& walk) {
  WalkReport& report = walk.report;
  const std::uint64_t size = walk.input.size_bytes();
  report.reach = walk.decoded_bytes > 0 ? Reach::sampled : Reach::frame;
  if (ends_stream(walk.input.tail())) {
    report.end_bytes = size;
    report.holds("bzip2.end", fmt::format("the content ends with a stream's end mark; {} bytes decode, the rest was "
                                          "not decoded",
                                          walk.decoded_bytes));
    return;
  }
  if (walk.input.tail().u8(walk.input.tail().size() - 1) == 0) {
    report.remarks("bzip2.padding", "the content ends with zeros: where the stream ends was not looked for");
    return;
  }
  report.breaks("bzip2.end", "the content does not end with a stream's end mark",
                {.from = size - std::min<std::uint64_t>(size, 4096), .to = size});
}

WalkReport walk_streams(WalkInput& input) {
  WalkReport report;
  if (!begins_stream(input.head())) return report;
  report.shape = Shape::whole;
  Walk walk{
      .input = input, .report = report, .budget_bytes = dump_budget_bytes(input, Codec::bzip2, DecodeSpeed::slow)};
  while (walk.at < input.size_bytes()) {
    if (walk.at > 0 && !begins_stream(input.at(walk.at, 10))) break;
    if (check_stream(walk) == Next::stop) {
      if (report.shape == Shape::whole) check_end(walk);
      return report;
    }
  }
  report.end_bytes = walk.at;
  report.reach = Reach::content;
  const std::uint64_t zeros = zero_run_bytes(input, walk.at);
  if (walk.at + zeros == input.size_bytes()) report.allowed_trailing_bytes = zeros;
  walk.dump.tell("bzip2", input.size_bytes(), report);
  if (report.shape != Shape::whole) return report;
  report.holds("bzip2.streams", fmt::format("streams: {}, {} decoded bytes, every checksum fits, to byte {}",
                                            walk.streams, walk.decoded_bytes, walk.at));
  return report;
}

std::optional<SurvivingRest> find_rest(WalkInput& input) {
  if (!ends_stream(input.tail())) return std::nullopt;
  return SurvivingRest{.sentence = "the content ends with a stream's end mark"};
}

}  // namespace

const Format k_bzip2_format = {.id = "bzip2",
                               .title = "bzip2 compressed data",
                               .family = Family::archive,
                               .claims = k_claims,
                               .recognise = recognise,
                               .walk = walk_streams,
                               .find_rest = find_rest};

}  // namespace lastgood::formats
