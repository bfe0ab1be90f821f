// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// MPEG transport streams, as recorders and broadcasters write them. Specification: ITU-T H.222.0, section 2.4.3.
//
//   file   = packet*
//   packet = [ time(4) ] 0x47 flags and id(2) control(1) [ adaptation field ] payload [ parity(16) ]
//   188 bytes each; 192 with the time of Blu-ray recorders, 204 with parity. Nothing else, from the first byte to the
//   last.
#include "formats/mpeg_ts/mpeg_ts_walker.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"m2ts", Promise::firm}, NameClaim{"mts", Promise::loose},
                                 NameClaim{"ts", Promise::loose}, NameClaim{"m2t", Promise::firm},
                                 NameClaim{"trp", Promise::loose}};
constexpr std::uint64_t k_packets_seen_first = 5;
constexpr std::uint64_t k_samples = 64;
constexpr std::uint64_t k_sample_packets = 64;
constexpr std::size_t k_bad_ranges_max = 32;

struct Grid {
  std::uint64_t packet_bytes = 0;  // 0: none
  std::uint64_t sync_at = 0;
};

/// H.222.0, 2.4.3.2 and 2.4.3.4: sync byte, an adaptation field that fits, no reserved control value.
bool is_packet(ByteView bytes, std::uint64_t sync_at) {
  if (bytes.u8(sync_at) != 0x47) return false;
  const unsigned control = bytes.u8(sync_at + 3) >> 4U & 3U;
  return control != 0 && (control == 1 || bytes.u8(sync_at + 4) <= 183);
}

Grid find_grid(ByteView head) {
  constexpr std::array<Grid, 3> k_grids = {Grid{.packet_bytes = 188, .sync_at = 0},
                                           Grid{.packet_bytes = 192, .sync_at = 4},
                                           Grid{.packet_bytes = 204, .sync_at = 0}};
  for (const Grid& grid : k_grids) {
    std::uint64_t seen = 0;
    while (seen < k_packets_seen_first && is_packet(head.part(seen * grid.packet_bytes), grid.sync_at)) ++seen;
    if (seen == k_packets_seen_first) return grid;
  }
  return {};
}

Likeness recognise(const Edges& edges) {
  if (edges.head.u8(0) != 0x47 && edges.head.u8(4) != 0x47) return Likeness::none;
  return find_grid(edges.head).packet_bytes != 0 ? Likeness::strong : Likeness::none;
}

/// Looks at `count` packets from packet `first` on; adds ranges of those that are none.
std::uint64_t check_packets(WalkInput& input, const Grid& grid, std::uint64_t first, std::uint64_t count,
                            std::vector<model::ByteRange>& bad) {
  constexpr std::uint64_t k_packets_per_piece = 1024;
  std::uint64_t wrong = 0;
  for (std::uint64_t done = 0; done < count && input.may_continue(); done += k_packets_per_piece) {
    const std::uint64_t packets = std::min(k_packets_per_piece, count - done);
    const std::uint64_t from = (first + done) * grid.packet_bytes;
    const ByteView piece = input.at(from, static_cast<std::size_t>(packets * grid.packet_bytes));
    for (std::uint64_t i = 0; i < piece.size() / grid.packet_bytes; ++i) {
      if (is_packet(piece.part(i * grid.packet_bytes, grid.packet_bytes), grid.sync_at)) continue;
      ++wrong;
      const std::uint64_t at = from + i * grid.packet_bytes;
      if (!bad.empty() && (at <= bad.back().to + 16 * grid.packet_bytes || bad.size() >= k_bad_ranges_max)) {
        bad.back().to = at + grid.packet_bytes;
      } else {
        bad.push_back({.from = at, .to = at + grid.packet_bytes});
      }
    }
  }
  return wrong;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const Grid grid = find_grid(input.head());
  if (grid.packet_bytes == 0) return report;
  report.shape = Shape::whole;
  const std::uint64_t packets = input.size_bytes() / grid.packet_bytes;
  const bool all = input.depth() == model::Depth::full || !input.whole().empty();
  std::vector<model::ByteRange> bad;
  std::uint64_t looked_at = 0;
  std::uint64_t wrong = 0;
  const std::uint64_t samples = input.depth() == model::Depth::quick ? k_samples / 4 : k_samples;
  const std::uint64_t sample_packets = input.depth() == model::Depth::quick ? k_sample_packets / 4 : k_sample_packets;
  const std::uint64_t step = all ? std::max<std::uint64_t>(packets, 1) : std::max(packets / samples, sample_packets);
  for (std::uint64_t first = 0; first < packets && input.may_continue(); first += step) {
    const std::uint64_t count = std::min(all ? packets : sample_packets, packets - first);
    wrong += check_packets(input, grid, first, count, bad);
    looked_at += count;
  }
  if (!all)
    wrong += check_packets(input, grid, packets - std::min(packets, k_sample_packets),
                           std::min(packets, k_sample_packets), bad);
  if (input.stopped() || input.read_error()) {
    report.remarks("mpeg-ts.limit", fmt::format("stopped by a limit after {} packets", looked_at));
    return report;
  }
  std::uint64_t named = 0;
  for (const model::ByteRange& range : bad) {
    report.breaks("mpeg-ts.packet",
                  fmt::format("no packets stand at bytes {} to {}; so with {} of {} looked at", range.from, range.to,
                              wrong, looked_at),
                  range);
    report.region(named, range.from, RegionKind::compressed);
    named = range.to;
  }
  report.region(named, packets * grid.packet_bytes, RegionKind::compressed);
  // A recording may stop inside a packet; what begins otherwise is not of this stream.
  const std::uint64_t end = packets * grid.packet_bytes;
  const std::uint64_t rest = input.size_bytes() - end;
  const bool is_cut_packet = rest > grid.sync_at && is_packet(input.at(end, 188), grid.sync_at);
  report.end_bytes = is_cut_packet ? input.size_bytes() : end;
  report.reach = all ? Reach::frame : Reach::sampled;
  if (report.shape == Shape::broken) return report;
  report.holds("mpeg-ts.packets",
               fmt::format("{} packets of {} bytes, {} of them looked at", packets, grid.packet_bytes, looked_at));
  return report;
}

}  // namespace

const Format k_mpeg_ts_format = {.id = "mpegts",
                                 .title = "MPEG transport stream",
                                 .family = Family::audio_video,
                                 .claims = k_claims,
                                 .recognise = recognise,
                                 .walk = walk};

}  // namespace lastgood::formats
