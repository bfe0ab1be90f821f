// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// eCryptfs lower file. Source: Documentation/filesystems/ecryptfs and "eCryptfs: a stacked cryptographic filesystem".
//
//   file = plain size(8, big endian) marker(4) marker xor 0x3C81B7F5(4) version(1) flags(3) extent size(4) header
//          extents(2) packets ... up to the header's end, then the content in whole extents
#include "formats/ecryptfs/ecryptfs_walker.h"

#include <algorithm>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint32_t k_marker = 0x3C81B7F5;
constexpr std::uint32_t k_version_max = 3;
constexpr std::uint64_t k_fields_bytes = 26;

bool is_marked(ByteView head) { return head.has(0, k_fields_bytes) && (head.be32(8) ^ head.be32(12)) == k_marker; }

Likeness recognise(const Edges& edges) { return is_marked(edges.head) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!is_marked(head)) return report;
  const std::uint64_t plain_bytes = head.be64(0);
  const std::uint32_t version = head.u8(16);
  const std::uint64_t extent_bytes = head.be32(20);
  const std::uint64_t header_bytes = extent_bytes * head.be16(24);
  const std::uint64_t size = input.size_bytes();
  const model::ByteRange fields{.from = 0, .to = k_fields_bytes};
  if (version > k_version_max || extent_bytes == 0 || (extent_bytes & (extent_bytes - 1)) != 0 ||
      extent_bytes > 65536 || header_bytes > size) {
    report.breaks(
        "ecryptfs.header",
        fmt::format("version {}, extents of {} bytes, header of {} bytes", version, extent_bytes, header_bytes),
        fields);
    return report;
  }
  const std::uint64_t body_bytes = size - header_bytes;
  report.region(0, std::min(header_bytes, size), RegionKind::compressed);
  report.region(header_bytes, size, RegionKind::compressed);
  if (body_bytes % extent_bytes != 0 || plain_bytes > body_bytes) {
    report.breaks("ecryptfs.size",
                  fmt::format("{} bytes behind the header, for {} plain bytes in extents of {}", body_bytes,
                              plain_bytes, extent_bytes),
                  {.from = header_bytes, .to = size});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.end_bytes = header_bytes + (plain_bytes + extent_bytes - 1) / extent_bytes * extent_bytes;
  report.holds("ecryptfs.header",
               fmt::format("version {}, {} plain bytes in {} extents", version, plain_bytes, body_bytes / extent_bytes),
               fields);
  return report;
}

}  // namespace

const Format k_ecryptfs_format = {.id = "ecryptfs",
                                  .title = "eCryptfs encrypted file",
                                  .family = Family::owner_encrypted,
                                  .claims = {},
                                  .recognise = recognise,
                                  .walk = walk};

}  // namespace lastgood::formats
