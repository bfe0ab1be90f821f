// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sun and NeXT audio (.au). Specification: Sun "Audio file format", au(4); big endian.
//
//   file = ".snd" offset of the samples(4, at least 24) their bytes(4, FFFFFFFF: unknown) encoding(4) rate(4)
//   channels(4)
//          annotation up to the offset, samples
#include "formats/sun_audio/sun_audio_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"au", Promise::loose}, NameClaim{"snd", Promise::loose}};
constexpr std::uint32_t k_unknown = 0xFFFFFFFF;
constexpr std::uint32_t k_encoding_max = 27;
constexpr std::uint32_t k_channels_max = 255;
constexpr std::uint32_t k_pcm_8 = 2;
constexpr std::uint32_t k_pcm_16 = 3;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, ".snd") ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, ".snd")) return report;
  report.shape = Shape::whole;
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t from = head.be32(4);
  const std::uint64_t announced = head.be32(8);
  const std::uint32_t encoding = head.be32(12);
  const bool fields_fit = encoding > 0 && encoding <= k_encoding_max && head.be32(16) > 0 && head.be32(20) > 0 &&
                          head.be32(20) <= k_channels_max;
  const bool size_fits = from >= 24 && from <= size && (announced == k_unknown || announced <= size - from);
  if (!fields_fit || !size_fits) {
    report.breaks("sun_audio.header",
                  fmt::format("encoding {}, {} channels, {} bytes of samples at byte {} do not fit the file's {} bytes",
                              encoding, head.be32(20), announced, from, size),
                  {.from = 0, .to = std::min<std::uint64_t>(24, size)});
    return report;
  }
  report.end_bytes = announced == k_unknown ? size : from + announced;
  report.allowed_trailing_bytes = std::min<std::uint64_t>(size - *report.end_bytes, 1);  // padded to even
  report.reach = Reach::opening;
  report.region(0, from, RegionKind::structured);
  // The low bytes of 24 and 32 bit samples are noise by nature.
  const bool is_plain = encoding == k_pcm_8 || encoding == k_pcm_16;
  report.region(from, *report.end_bytes, is_plain ? RegionKind::plain : RegionKind::compressed);
  report.holds("sun_audio.header", fmt::format("samples of encoding {} end at byte {}", encoding, *report.end_bytes));
  return report;
}

}  // namespace

const Format k_sun_audio_format = {.id = "sun-audio",
                                   .title = "Sun audio",
                                   .family = Family::audio_video,
                                   .claims = k_claims,
                                   .recognise = recognise,
                                   .walk = walk};

}  // namespace lastgood::formats
