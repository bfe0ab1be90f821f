// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Colour profiles. Specification: ICC.1:2022, sections 7.2 (header) and 7.3 (tag table); big endian.
//
//   profile = size(4) ... version(4) at 8, class(4), colour space(4), connection space(4), "acsp" at 36 ... to byte
//   128,
//             count(4) (signature(4) offset(4) size(4))[count] data; tags may share data
//   data    = type(4 letters) 0(4) ...
#include "formats/icc/icc_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"icc", Promise::firm}, NameClaim{"icm", Promise::loose}};
constexpr std::uint64_t k_header_bytes = 128;
constexpr std::uint64_t k_tag_bytes = 12;
constexpr std::uint32_t k_tags_max = 1000;

Likeness recognise(const Edges& edges) { return edges.head.matches(36, "acsp") ? Likeness::strong : Likeness::none; }

bool is_signature(ByteView text) {
  return text.size() == 4 &&
         std::all_of(text.begin(), text.end(), [](std::uint8_t byte) { return byte >= 0x20 && byte < 0x7F; });
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(36, "acsp")) return report;
  report.shape = Shape::whole;
  const std::uint64_t size = head.be32(0);
  const std::uint32_t count = head.be32(k_header_bytes);
  const std::uint64_t data_from = k_header_bytes + 4 + count * k_tag_bytes;
  if (count > k_tags_max || size > input.size_bytes() || data_from > size || !is_signature(head.part(12, 4)) ||
      !is_signature(head.part(16, 4))) {
    report.breaks("icc.header",
                  fmt::format("{} tags and {} bytes by the header, the file has {}", count, size, input.size_bytes()),
                  {.from = 0, .to = std::min(k_header_bytes + 4, input.size_bytes())});
    return report;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint64_t at = k_header_bytes + 4 + i * k_tag_bytes;
    const ByteView tag = input.at(at, k_tag_bytes);
    const std::uint64_t offset = tag.be32(4);
    const std::uint64_t length = tag.be32(8);
    const bool inside = offset >= data_from && offset <= size && length >= 8 && length <= size - offset;
    const ByteView data = input.at(offset, 8);
    if (!inside || !is_signature(data.part(0, 4)) || data.be32(4) != 0) {
      report.breaks(
          "icc.tag",
          fmt::format("tag {} of {}, {} bytes at byte {}, is none inside the profile", i, count, length, offset),
          {.from = inside ? offset : at, .to = inside ? offset + length : at + k_tag_bytes});
    }
  }
  report.end_bytes = size;
  if (report.shape == Shape::broken) return report;
  report.reach = Reach::frame;
  report.region(0, data_from, RegionKind::structured);
  report.region(data_from, size, RegionKind::compressed);  // tables of a printer profile come close to noise
  report.holds("icc.tags",
               fmt::format("{} tags lie inside the profile's {} bytes and begin with their type", count, size));
  return report;
}

}  // namespace

const Format k_icc_format = {.id = "icc",
                             .title = "colour profile",
                             .family = Family::other,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
