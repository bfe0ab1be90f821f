// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/isobmff/isobmff_movie.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::size_t k_depth_max = 12;
constexpr std::size_t k_tracks_max = 1024;
constexpr std::uint64_t k_user_data_bytes = 4096;  // beyond it user data holds a cover picture or a maker's records

bool holds_boxes(std::uint32_t type) {
  switch (type) {
    case box_type("trak"):
    case box_type("mdia"):
    case box_type("minf"):
    case box_type("stbl"):
    case box_type("dinf"):
    case box_type("edts"):
    case box_type("mvex"):
    case box_type("traf"): return true;
    default: return false;
  }
}

/// The sample description's first entry tells the codec and, in a box of its own, how long the lengths of NAL units
/// are.
void read_description(ByteView bytes, IsoTrack& track) {
  const std::string_view codec = bytes.part(12, 4).text();
  const bool avc = codec == "avc1" || codec == "avc3";
  const bool hevc = codec == "hvc1" || codec == "hev1";
  const std::size_t configuration = bytes.find(avc ? "avcC"sv : "hvcC"sv);
  if ((avc || hevc) && configuration != ByteView::npos) {
    track.kind = avc ? IsoSampleKind::avc : IsoSampleKind::hevc;
    track.nal_length_bytes = (bytes.u8(configuration + (avc ? 8 : 25)) & 3U) + 1U;
  }
  constexpr std::string_view k_plain =
      "raw  sowt twos in24 in32 fl32 fl64 lpcm NONE tmcd text tx3g yuv2 2vuy mp4s ipcm fpcm";
  if (codec.size() == 4 && k_plain.find(codec) != std::string_view::npos) track.kind = IsoSampleKind::pixels_or_pulses;
}

/// 8.7.2: an entry without the flag "same file" sends the reader elsewhere.
bool points_elsewhere(ByteView bytes) { return bytes.be32(4) > 0 && (bytes.be32(16) & 1U) == 0; }

void read_table(WalkInput& input, const IsoBox& box, IsoTrack& track) {
  const model::ByteRange range{.from = box.payload, .to = box.end};
  const auto look = [&] {
    return input.at(box.payload, static_cast<std::size_t>(std::min<std::uint64_t>(box.end - box.payload, 4096)));
  };
  switch (box.type) {
    case box_type("stsz"): track.sample_sizes = range; break;
    case box_type("stz2"): track.compact_sizes = range; break;
    case box_type("stsc"): track.sample_to_chunk = range; break;
    case box_type("stco"): track.chunk_offsets = range; break;
    case box_type("co64"): track.long_chunk_offsets = range; break;
    case box_type("stts"): track.time_to_sample = range; break;
    case box_type("stsd"): read_description(look(), track); break;
    case box_type("dref"): track.is_elsewhere = points_elsewhere(look()); break;
    default: break;
  }
}

/// QuickTime ends lists of boxes with a zero, some writers fill with zeros.
bool is_filling(WalkInput& input, std::uint64_t from, std::uint64_t to) {
  const ByteView bytes = input.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(to - from, 4096)));
  return bytes.size() == to - from &&
         std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::vector<IsoTrack> walk_iso_movie(WalkInput& input, const IsoBox& movie, WalkReport& report) {
  std::vector<IsoTrack> tracks;
  std::vector<std::uint64_t> ends{movie.end};
  std::uint64_t at = movie.payload;
  report.region(movie.from, at, RegionKind::structured);
  while (!ends.empty() && input.may_continue()) {
    if (at >= ends.back() || is_filling(input, at, std::min(ends.back(), at + 8))) {
      at = ends.back();
      ends.pop_back();
      continue;
    }
    const IsoBoxRead read = read_iso_box(input, at, ends.back());
    if (!read.box) {
      if (input.stopped()) break;
      report.breaks("isobmff.tree",
                    fmt::format("no box fits at byte {}, inside '{}' from byte {} to {}", at,
                                printable_box_type(movie.type), movie.from, movie.end),
                    {.from = at, .to = ends.back()});
      at = ends.back();
      ends.pop_back();
      continue;
    }
    const IsoBox& box = *read.box;
    report.region(box.from, box.payload, RegionKind::structured);
    if (box.type == box_type("trak") && tracks.size() < k_tracks_max) tracks.emplace_back();
    if (holds_boxes(box.type) && ends.size() < k_depth_max) {
      at = box.payload;
      ends.push_back(box.end);
      continue;
    }
    if (!tracks.empty()) read_table(input, box, tracks.back());
    const bool is_user_data =
        box.type == box_type("udta") || box.type == box_type("meta") || box.type == box_type("cmov");
    const bool is_long = box.end - box.payload > k_user_data_bytes;
    report.region(box.payload, box.end, is_user_data && is_long ? RegionKind::compressed : RegionKind::plain);
    at = box.end;
  }
  return tracks;
}

}  // namespace lastgood::formats
