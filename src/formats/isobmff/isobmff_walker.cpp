// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// MP4, QuickTime, HEIF and their relatives. Specifications: ISO/IEC 14496-12 (base format), 14496-15 (NAL units),
// 23008-12 (HEIF), AV1-ISOBMFF, Apple's QuickTime File Format.
//
//   file = box*                      tiling the file exactly; the last one may have length 0: up to the end
//   box  = length(4, big endian) type(4) [ length(8) when length is 1 ] payload
//   ftyp first (not in old QuickTime files and in segments); moov or meta says where in mdat the samples or items lie;
//   fragments are moof mdat pairs.
#include "formats/isobmff/isobmff_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/isobmff/isobmff_items.h"
#include "formats/isobmff/isobmff_movie.h"
#include "formats/isobmff/isobmff_samples.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {
    NameClaim{"mp4", Promise::firm},  NameClaim{"m4v", Promise::firm}, NameClaim{"m4a", Promise::firm},
    NameClaim{"m4b", Promise::firm},  NameClaim{"mov", Promise::firm}, NameClaim{"qt", Promise::firm},
    NameClaim{"3gp", Promise::firm},  NameClaim{"3g2", Promise::firm}, NameClaim{"heic", Promise::firm},
    NameClaim{"heif", Promise::firm}, NameClaim{"hif", Promise::firm}, NameClaim{"avif", Promise::firm},
    NameClaim{"cr3", Promise::firm},  NameClaim{"f4v", Promise::firm}, NameClaim{"m4s", Promise::loose},
    NameClaim{"m4p", Promise::firm}};
constexpr std::uint64_t k_bad_bytes = 64 * 1024;
constexpr std::uint64_t k_appended_bytes_max = 4096;
constexpr std::uint64_t k_filling_bytes_max = 1U << 20U;
constexpr std::uint64_t k_small_box_bytes = 4096;
constexpr std::size_t k_boxes_kept_max = 1U << 20U;

struct Brand {
  std::string_view brands;  // four letters each
  std::string_view id;
};
constexpr std::array k_brands = {
    Brand{"avifavis", "avif"}, Brand{"heicheixheimheishevchevxhevmhevsmif1msf1heix", "heic"},
    Brand{"qt  ", "mov"},      Brand{"M4A M4B M4P ", "m4a"},
    Brand{"crx ", "cr3"},      Brand{"M4V M4VHM4VP", "m4v"}};

std::string_view find_kind(ByteView head) {
  if (!head.matches(4, "ftyp"sv))
    return head.matches(4, "styp"sv) || head.matches(4, "moof"sv) || head.matches(4, "sidx"sv) ? "mp4"sv : "mov"sv;
  const std::string_view major = head.part(8, 4).text();
  for (const Brand& brand : k_brands) {
    for (std::size_t at = 0; at + 4 <= brand.brands.size(); at += 4) {
      if (brand.brands.substr(at, 4) == major) return brand.id;
    }
  }
  return major.starts_with("3g") ? "3gp"sv : "mp4"sv;
}

/// The first box of a file of this family. JPEG 2000 begins with another and has its own walker.
Likeness recognise_opening(ByteView head, std::uint64_t size_bytes) {
  constexpr std::string_view k_first = "ftypmoovmdatwidestyppnotmoofsidxfreeskip";
  const std::size_t found = head.size() < 8 ? std::string_view::npos : k_first.find(head.part(4, 4).text());
  if (found == std::string_view::npos || found % 4 != 0) return Likeness::none;
  const std::uint64_t length = head.be32(0);
  const bool fits = length == 0 || length == 1 || (length >= 8 && length <= size_bytes);
  const bool is_ftyp = found == 0 && length >= 16 && length <= k_small_box_bytes;
  if (is_ftyp || (fits && found > 0 && found < 32)) return Likeness::strong;
  return Likeness::weak;
}

Likeness recognise(const Edges& edges) { return recognise_opening(edges.head, edges.size_bytes); }

/// What the top level holds.
struct Contents {
  std::vector<IsoBox> movies;  // moov and moof
  std::vector<IsoBox> metas;
  std::vector<model::ByteRange> media;  // ascending
  std::uint64_t boxes = 0;
  std::uint64_t end_bytes = 0;
  bool has_movie = false;
  bool has_fragment = false;
  bool is_tiled = false;
};

void keep(WalkInput& input, const IsoBox& box, Contents& contents) {
  ++contents.boxes;
  switch (box.type) {
    case box_type("moov"):
    case box_type("moof"):
      contents.has_movie = contents.has_movie || box.type == box_type("moov");
      contents.has_fragment = contents.has_fragment || box.type == box_type("moof");
      if (contents.movies.size() < k_boxes_kept_max) contents.movies.push_back(box);
      break;
    case box_type("styp"):
    case box_type("sidx"): contents.has_fragment = true; break;
    case box_type("meta"): contents.metas.push_back(box); break;
    case box_type("PICT"): contents.has_movie = true; break;  // a QuickTime image file
    default: break;
  }
  // Samples may lie in any box, and old writers do put them behind 'wide' and into 'free'; but never in a movie box.
  const bool is_media = box.type != box_type("moov") && box.type != box_type("moof") && box.type != box_type("ftyp");
  if (is_media && contents.media.size() < k_boxes_kept_max && (input.may_continue()))
    contents.media.push_back({.from = box.payload, .to = box.end});
}

Contents walk_top_level(WalkInput& input, WalkReport& report) {
  Contents contents;
  const std::uint64_t size = input.size_bytes();
  std::uint64_t at = 0;
  while (at < size && input.may_continue()) {
    const IsoBoxRead read = read_iso_box(input, at, size);
    if (!read.box) {
      const bool is_known = read.type == box_type("mdat") || read.type == box_type("moov") ||
                            read.type == box_type("free") || read.type == box_type("moof");
      if (read.is_too_long && is_known) {
        report.breaks("isobmff.cut",
                      fmt::format("box '{}' at byte {} goes beyond the content's end at byte {}",
                                  printable_box_type(read.type), at, size),
                      {.from = size, .to = size});
      }
      break;
    }
    keep(input, *read.box, contents);
    at = read.box->end;
  }
  contents.end_bytes = at;
  contents.is_tiled = at == size;
  return contents;
}

/// What stands behind the last box that fits: filling, something appended, or boxes that were overwritten.
void judge_rest(WalkInput& input, const Contents& contents, WalkReport& report) {
  if (contents.is_tiled || report.shape == Shape::broken) return;
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t rest = size - contents.end_bytes;
  const bool is_filling = rest <= k_filling_bytes_max && zero_run_bytes(input, contents.end_bytes, rest) == rest;
  const bool has_all = (contents.has_movie || !contents.metas.empty() || contents.has_fragment) && contents.boxes > 1;
  if (is_filling || (has_all && rest <= k_appended_bytes_max)) return;
  report.breaks("isobmff.box",
                fmt::format("no box begins at byte {}, behind {} whole ones; the content has {} bytes",
                            contents.end_bytes, contents.boxes, size),
                {.from = contents.end_bytes, .to = std::min(size, contents.end_bytes + k_bad_bytes)});
}

std::vector<IsoTrack> find_tracks(WalkInput& input, const Contents& contents) {
  std::vector<IsoTrack> tracks;
  WalkReport unused;  // what breaks in a movie box is told when its regions are named, in their turn
  for (const IsoBox& movie : contents.movies) {
    if (movie.type != box_type("moov")) continue;
    for (IsoTrack& track : walk_iso_movie(input, movie, unused)) tracks.push_back(std::move(track));
  }
  return tracks;
}

/// Names media data but for the samples that do not hold together: those are for statistics to judge.
void name_media(const IsoBox& box, RegionKind kind, WalkReport& report) {
  std::vector<model::ByteRange> bad;
  for (const model::Finding& finding : report.findings) {
    const bool is_inside = finding.range.from >= box.payload && finding.range.to <= box.end;
    if (finding.weight == model::Weight::contradicts && is_inside) bad.push_back(finding.range);
  }
  std::sort(bad.begin(), bad.end(),
            [](const model::ByteRange& a, const model::ByteRange& b) { return a.from < b.from; });
  std::uint64_t named = box.payload;
  for (const model::ByteRange& range : bad) {
    report.region(named, range.from, kind);
    named = std::max(named, range.to);
  }
  report.region(named, box.end, kind);
}

void name_regions(WalkInput& input, const Contents& contents, RegionKind media_kind, WalkReport& report) {
  std::uint64_t at = 0;
  while (at < contents.end_bytes && input.may_continue()) {
    const IsoBoxRead read = read_iso_box(input, at, input.size_bytes());
    if (!read.box) return;
    const IsoBox& box = *read.box;
    at = box.end;
    if (box.type == box_type("moov") || box.type == box_type("moof")) {
      walk_iso_movie(input, box, report);
      continue;
    }
    report.region(box.from, box.payload, RegionKind::structured);
    const bool is_text = input.at(box.payload + 16, 9).matches(0, "<?xpacket"sv);
    const bool is_data = box.type == box_type("mdat") || box.type == box_type("idat") || box.type == box_type("uuid") ||
                         box.type == box_type("meta");
    const bool is_small = box.end - box.payload <= k_small_box_bytes;
    if (is_small || is_text) {
      report.region(box.payload, box.end, RegionKind::plain);
    } else if (is_data) {
      name_media(box, box.type == box_type("mdat") ? media_kind : RegionKind::compressed, report);
    }
  }
}

struct Counts {
  std::uint64_t chunks = 0;
  std::uint64_t samples = 0;
  std::uint64_t checked = 0;
};

Counts check_contents(WalkInput& input, const Contents& contents, const std::vector<IsoTrack>& tracks,
                      WalkReport& report) {
  Counts counts;
  for (const IsoTrack& track : tracks) {
    const IsoSampleCount count = check_iso_samples(input, track, contents.media, report);
    counts.chunks += count.chunks;
    counts.samples += count.samples;
    counts.checked += count.checked;
  }
  for (const IsoBox& meta : contents.metas) {
    if (input.at(meta.payload + 4, 8).matches(4, "hdlr"sv)) {
      const IsoItemCount count = check_iso_items(input, meta, contents.media, report);
      counts.chunks += count.extents;
      counts.checked += count.checked;
    }
  }
  return counts;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (recognise_opening(input.head(), input.size_bytes()) == Likeness::none) return report;
  report.shape = Shape::whole;
  report.format = find_kind(input.head());
  const Contents contents = walk_top_level(input, report);
  const std::vector<IsoTrack> tracks = find_tracks(input, contents);
  const bool all_plain = !tracks.empty() && std::all_of(tracks.begin(), tracks.end(), [](const IsoTrack& track) {
    return track.kind == IsoSampleKind::pixels_or_pulses;
  });
  const Counts counts = check_contents(input, contents, tracks, report);
  name_regions(input, contents, all_plain ? RegionKind::plain : RegionKind::compressed, report);
  if (input.stopped() || input.read_error()) {
    report.remarks("isobmff.limit",
                   fmt::format("stopped by a limit after {} boxes, at byte {}", contents.boxes, contents.end_bytes));
    return report;
  }
  judge_rest(input, contents, report);
  if (!contents.has_movie && !contents.has_fragment && contents.metas.empty() && report.shape != Shape::broken) {
    report.breaks("isobmff.movie",
                  fmt::format("{} boxes to byte {}, none of which says what the media data is", contents.boxes,
                              contents.end_bytes),
                  {.from = 0, .to = contents.end_bytes});
  }
  report.reach = counts.checked > 0 ? Reach::sampled : Reach::frame;
  if (report.shape == Shape::broken) return report;
  report.end_bytes = contents.end_bytes;
  const std::uint64_t rest = input.size_bytes() - contents.end_bytes;
  if (rest <= k_filling_bytes_max && zero_run_bytes(input, contents.end_bytes, rest) == rest)
    report.allowed_trailing_bytes = rest;
  report.holds(
      "isobmff.boxes",
      fmt::format("{} boxes tile the content to byte {}; {} chunks of samples lie in media data, {} samples add up",
                  contents.boxes, contents.end_bytes, counts.chunks, counts.checked));
  return report;
}

}  // namespace

const Format k_isobmff_format = {.id = "mp4",
                                 .title = "MP4, QuickTime or HEIF",
                                 .family = Family::audio_video,
                                 .claims = k_claims,
                                 .recognise = recognise,
                                 .walk = walk};

}  // namespace lastgood::formats
