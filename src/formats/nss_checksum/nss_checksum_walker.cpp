// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Signatures beside the libraries of NSS (.chk). Facts from NSS's public sources (shsign.h); big endian.
//
//   file  = F1 C5 major(1) minor(1) offset of the parts(4) kind(4) ... part*
//   part  = length(4) bytes: the numbers of a DSA key and a signature
#include "formats/nss_checksum/nss_checksum_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"chk", Promise::loose}};
constexpr std::string_view k_magic = "\xf1\xc5"sv;
constexpr std::uint64_t k_file_bytes_max = 64 * 1024;
constexpr std::uint64_t k_part_bytes_max = 4096;
constexpr std::uint64_t k_parts_max = 16;

bool begins_as_signature(ByteView head) {
  return head.matches(0, k_magic) && head.u8(2) < 8 && head.be32(4) >= 8 && head.be32(4) <= 64;
}

Likeness recognise(const Edges& edges) {
  return begins_as_signature(edges.head) && edges.size_bytes <= k_file_bytes_max ? Likeness::strong : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!begins_as_signature(head) || input.size_bytes() > k_file_bytes_max) return report;
  report.shape = Shape::whole;
  const std::uint64_t size = input.size_bytes();
  std::uint64_t at = head.be32(4);
  report.region(0, std::min(at, size), RegionKind::structured);
  std::uint64_t parts = 0;
  while (at < size && parts < k_parts_max) {
    const std::uint64_t length = head.be32(at);
    if (size - at < 4 || length == 0 || length > size - at - 4) {
      // Numbers of a key have at most some hundred bytes: a sane length that goes on behind the end was cut.
      const bool is_cut = size - at < 4 || (length > size - at - 4 && length <= k_part_bytes_max);
      report.breaks(is_cut ? "nss_checksum.cut" : "nss_checksum.part",
                    fmt::format("part {} at byte {} has {} bytes, the file ends at {}", parts, at, length, size),
                    {.from = at, .to = size});
      return report;
    }
    report.region(at, at + 4, RegionKind::structured);
    report.region(at + 4, at + 4 + length, RegionKind::compressed);  // numbers of a key: random by nature
    at += 4 + length;
    ++parts;
  }
  report.end_bytes = std::min(at, size);
  report.reach = Reach::frame;
  if (parts == 0) {
    report.breaks("nss_checksum.part", "no key and no signature follow the header", {.from = 0, .to = size});
    return report;
  }
  report.holds("nss_checksum.parts", fmt::format("{} numbers tile the file to byte {}", parts, at));
  return report;
}

}  // namespace

const Format k_nss_checksum_format = {.id = "nss-checksum",
                                      .title = "library signature of NSS",
                                      .family = Family::other,
                                      .claims = k_claims,
                                      .recognise = recognise,
                                      .walk = walk};

}  // namespace lastgood::formats
