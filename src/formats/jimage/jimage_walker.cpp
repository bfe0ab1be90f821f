// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The module image of a Java runtime (lib/modules). Facts from OpenJDK's public sources (imageFile.hpp).
//
//   file     = CAFEDADA(4) minor(2) major(2) flags(4) resources(4) slots(4) bytes of locations(4) bytes of strings(4)
//              redirect(4)[slots] offset of a location(4)[slots] locations strings content; in the machine's byte order
//   location = (kind and length in one byte, value(1 to 8, big endian))* 0
//              kinds: 1 to 4 names (offsets of strings), 5 offset in content, 6 packed size, 7 size
#include "formats/jimage/jimage_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint32_t k_magic = 0xCAFEDADA;
constexpr std::uint64_t k_header_bytes = 28;
constexpr std::size_t k_kinds = 8;

enum Kind : std::size_t { k_name_first = 1, k_name_last = 4, k_offset = 5, k_packed = 6, k_unpacked = 7 };

Likeness recognise(const Edges& edges) {
  return edges.head.le32(0) == k_magic || edges.head.be32(0) == k_magic ? Likeness::strong : Likeness::none;
}

struct Image {
  bool big = false;
  std::uint64_t resources = 0;
  std::uint64_t locations_at = 0;
  std::uint64_t locations_bytes = 0;
  std::uint64_t strings_bytes = 0;
  std::uint64_t content_at = 0;
  std::uint64_t end = 0;
  std::uint64_t seen = 0;
};

Image read_header(ByteView head) {
  Image image;
  image.big = head.be32(0) == k_magic;
  const auto u32 = [&](std::uint64_t at) -> std::uint64_t { return image.big ? head.be32(at) : head.le32(at); };
  const std::uint64_t slots = u32(16);
  image.resources = u32(12);
  image.locations_at = k_header_bytes + slots * 8;
  image.locations_bytes = u32(20);
  image.strings_bytes = u32(24);
  image.content_at = image.locations_at + image.locations_bytes + image.strings_bytes;
  image.end = image.content_at;
  return image;
}

/// Reads the location at `at`; its length, or 0 when it breaks a rule.
std::uint64_t read_location(WalkInput& input, Image& image, std::uint64_t at) {
  const ByteView view = input.at(at, k_kinds * 9 + 1);
  std::array<std::uint64_t, k_kinds> values{};
  std::uint64_t length = 0;
  while (length < view.size()) {
    const std::uint8_t first = view.u8(length);
    const std::size_t kind = first >> 3U;
    if (kind == 0) {
      const std::uint64_t stored = values[k_packed] != 0 ? values[k_packed] : values[k_unpacked];
      const std::uint64_t room = input.size_bytes() - image.content_at;
      const bool named = *std::max_element(values.begin() + k_name_first, values.begin() + k_name_last + 1) <
                         std::max<std::uint64_t>(image.strings_bytes, 1);
      if (!named || values[k_offset] > room || stored > room - values[k_offset]) return 0;
      image.end = std::max(image.end, image.content_at + values[k_offset] + stored);
      ++image.seen;
      return length + 1;
    }
    const std::uint64_t bytes = (first & 7U) + 1U;
    if (kind >= k_kinds || !view.has(length + 1, bytes)) return 0;
    for (std::uint64_t i = 0; i < bytes; ++i) values[kind] = (values[kind] << 8U) | view.u8(length + 1 + i);
    length += 1 + bytes;
  }
  return 0;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (recognise({.head = input.head()}) == Likeness::none) return report;
  report.shape = Shape::whole;
  Image image = read_header(input.head());
  const std::uint64_t size = input.size_bytes();
  if (image.content_at > size) {
    report.breaks("jimage.header", fmt::format("tables of {} bytes do not fit the file's {}", image.content_at, size),
                  {.from = 0, .to = std::min(k_header_bytes, size)});
    return report;
  }
  const std::uint64_t locations_end = image.locations_at + image.locations_bytes;
  std::uint64_t at = image.locations_at;
  while (at < locations_end) {
    if (!input.may_continue()) {
      report.remarks("jimage.limit", fmt::format("stopped by a limit after {} locations", image.seen));
      return report;
    }
    const std::uint64_t length = read_location(input, image, at);
    if (length == 0) {
      report.breaks("jimage.location", fmt::format("location {} at byte {} leads outside the file", image.seen, at),
                    {.from = at, .to = locations_end});
      return report;
    }
    at += length;
  }
  if (image.seen < image.resources) {
    report.breaks("jimage.location", fmt::format("{} locations for {} resources", image.seen, image.resources),
                  {.from = image.locations_at, .to = locations_end});
    return report;
  }
  report.end_bytes = image.end;
  report.reach = Reach::frame;
  report.region(0, image.content_at, RegionKind::structured);
  report.region(image.content_at, image.end, RegionKind::compressed);  // resources may be packed
  report.holds("jimage.locations",
               fmt::format("{} resources lie inside the file, the last ends at byte {}", image.resources, image.end));
  return report;
}

}  // namespace

const Format k_jimage_format = {.id = "jimage",
                                .title = "Java runtime image",
                                .family = Family::program,
                                .claims = {},
                                .recognise = recognise,
                                .walk = walk};

}  // namespace lastgood::formats
