// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Entries of a compiler cache (ccache 4.x). Facts from ccache's public description of its cache entry format.
//
//   entry  = header payload checksum(16, XXH3); big endian
//   header = CCAC version(1) type(1: 0 result, 1 manifest) packer(1: 0 none, 1 zstd) level(1) self-contained(1) time(8)
//            length(1) ccache version, length(1) namespace, size(8): of header, unpacked payload and checksum
#include "formats/ccache/ccache_walker.h"

#include <algorithm>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint16_t k_magic = 0xCCAC;
constexpr std::uint64_t k_fixed_bytes = 15;
constexpr std::uint64_t k_checksum_bytes = 16;
constexpr std::uint8_t k_zstd = 1;

/// Bytes of the header; 0 when this is none. The version's text holds digits and dots.
std::uint64_t header_bytes(ByteView head) {
  if (head.be16(0) != k_magic || head.u8(2) > 8 || head.u8(3) > 1 || head.u8(4) > k_zstd) return 0;
  const std::uint64_t version_bytes = head.u8(k_fixed_bytes);
  const ByteView version = head.part(k_fixed_bytes + 1, version_bytes);
  const bool is_version = version.size() >= 3 && version.size() <= 40 && version.u8(0) >= '0' && version.u8(0) <= '9' &&
                          version.find(".") != ByteView::npos;
  if (!is_version) return 0;
  const std::uint64_t namespace_at = k_fixed_bytes + 1 + version_bytes;
  return namespace_at + 1 + head.u8(namespace_at) + 8;
}

Likeness recognise(const Edges& edges) { return header_bytes(edges.head) != 0 ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t payload_at = header_bytes(input.head());
  if (payload_at == 0) return report;
  report.shape = Shape::whole;
  const std::uint64_t unpacked_bytes = input.head().be64(payload_at - 8);
  const std::uint64_t overhead_bytes = payload_at + k_checksum_bytes;
  const bool is_packed = input.head().u8(4) == k_zstd;
  if (size < overhead_bytes || unpacked_bytes < overhead_bytes || (!is_packed && unpacked_bytes > size)) {
    report.breaks("ccache.size",
                  fmt::format("an entry of {} bytes, unpacked, does not fit the file's {}", unpacked_bytes, size),
                  {.from = 0, .to = std::min(payload_at, size)});
    return report;
  }
  report.region(0, payload_at, RegionKind::structured);
  report.reach = Reach::frame;
  if (!is_packed) {
    report.end_bytes = unpacked_bytes;
    report.holds("ccache.size", fmt::format("the entry ends at byte {}, as its header says", unpacked_bytes));
    return report;
  }
  const std::uint64_t payload_end = size - k_checksum_bytes;
  const bool magic_fits = find_codec(input.at(payload_at, 8)) == Codec::zstd;
  const bool decode = input.depth() == model::Depth::full || !input.whole().empty();
  Decoded decoded;
  if (decode && magic_fits) decoded = decode_stream(input, payload_at, payload_end, Codec::zstd, unpacked_bytes);
  const bool finished = decode && magic_fits && decoded.end != DecodeEnd::stopped;
  const bool fits = decoded.end == DecodeEnd::complete && decoded.produced_bytes + overhead_bytes == unpacked_bytes;
  if (!magic_fits || (finished && !fits)) {
    report.breaks(decoded.end == DecodeEnd::cut ? "ccache.cut" : "ccache.stream",
                  fmt::format("the payload does not unpack to {} bytes", unpacked_bytes - overhead_bytes),
                  {.from = payload_at, .to = payload_end});
    return report;
  }
  if (!finished) {
    report.region(payload_at, size, RegionKind::compressed);
    report.holds("ccache.header", "the header fits, a zstd frame follows it");
    return report;
  }
  report.reach = Reach::content;
  report.end_bytes = payload_at + decoded.consumed_bytes + k_checksum_bytes;
  report.region(payload_at, payload_at + decoded.consumed_bytes, RegionKind::verified);
  report.region(payload_at + decoded.consumed_bytes, *report.end_bytes, RegionKind::compressed);
  report.holds("ccache.stream",
               fmt::format("the payload unpacks to {} bytes, as the header says", decoded.produced_bytes));
  return report;
}

}  // namespace

const Format k_ccache_format = {.id = "ccache",
                                .title = "compiler cache entry",
                                .family = Family::other,
                                .claims = {},
                                .recognise = recognise,
                                .walk = walk};

}  // namespace lastgood::formats
