// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/volumes/volume.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::formats {

VolumeFrame walk_volume(WalkInput& input, WalkReport& report, const VolumePlace& place) {
  constexpr std::size_t k_opening_bytes = 4096;
  const base::ByteView head = input.at(place.from_bytes, k_opening_bytes);
  if (opens_ext(head)) return walk_ext(input, report, place);
  if (opens_xfs(head)) return walk_xfs(input, report, place);
  if (opens_ntfs(head)) return walk_ntfs(input, report, place);
  if (opens_fat(head)) return walk_fat(input, report, place);
  return {};
}

WalkReport walk_whole_volume(WalkInput& input, VolumeFrame (*walk)(WalkInput&, WalkReport&, const VolumePlace&)) {
  WalkReport report;
  report.shape = Shape::whole;
  const VolumeFrame frame = walk(input, report, {.from_bytes = 0, .length_bytes = input.size_bytes()});
  if (frame.kind.empty()) return {};
  report.format = frame.kind;
  report.reach = input.stopped() ? Reach::opening : Reach::frame;
  if (frame.length_bytes > input.size_bytes()) {
    report.breaks("volume.length",
                  fmt::format("the file system has {} bytes, the content {}", frame.length_bytes, input.size_bytes()),
                  volume_range(input, 0, 4096));
  } else if (frame.length_bytes != 0) {
    report.end_bytes = frame.length_bytes;
  }
  if (report.shape == Shape::whole) {
    report.holds("volume.frame", fmt::format("{}: {} structures fit{}", frame.kind, frame.checked,
                                             frame.is_every_one ? "" : ", not all were looked at"));
  }
  return report;
}

std::uint64_t volume_samples_max(const WalkInput& input) {
  if (input.depth() == model::Depth::full) return 1'000'000;
  return input.depth() == model::Depth::quick ? 64 : 512;
}

model::ByteRange volume_range(const WalkInput& input, std::uint64_t from, std::uint64_t length) {
  const std::uint64_t begin = std::min(from, input.size_bytes());
  return {.from = begin, .to = begin + std::min(length, input.size_bytes() - begin)};
}

}  // namespace lastgood::formats
