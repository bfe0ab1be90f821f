// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Journal files of systemd. Specification: systemd, "Journal File Format".
//
//   file   = header object* zeros; little endian; header size at 88, size of all behind the header ("arena") at 96
//   object = type(1: 1 data, 2 field, 3 entry, 4 and 5 hash tables, 6 entry array, 7 tag) flags(1: 1 xz, 2 lz4, 4 zstd)
//            0(6) size(8, with these 16 bytes) ...; objects begin on multiples of 8 and follow each other up to the one
//            the header names as the tail
#include "formats/journald/journald_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"journal", Promise::loose}};
constexpr std::string_view k_signature = "LPKSHHRH";
constexpr std::uint64_t k_header_bytes_min = 208;
constexpr std::uint64_t k_object_bytes_min = 16;
constexpr std::uint8_t k_data = 1;
constexpr std::uint8_t k_type_max = 7;
constexpr std::uint8_t k_packed_flags = 7;
constexpr std::uint64_t k_quick_objects = 256;

Likeness recognise(const Edges& edges) {
  return edges.head.matches(0, k_signature) ? Likeness::strong : Likeness::none;
}

struct Header {
  bool is_open = false;  // being written, or its writer was killed: counts may lag behind
  std::uint64_t bytes = 0;
  std::uint64_t end = 0;
  std::uint64_t tail_object = 0;
  std::uint64_t objects = 0;
};

Header read_header(ByteView head) {
  return {.is_open = head.u8(16) == 1,
          .bytes = head.le64(88),
          .end = head.le64(88) + head.le64(96),
          .tail_object = head.le64(136),
          .objects = head.le64(144)};
}

/// Size of the object at `at`; 0 when none stands there.
std::uint64_t object_bytes(WalkInput& input, std::uint64_t at, std::uint64_t end) {
  const ByteView header = input.at(at, k_object_bytes_min);
  const std::uint64_t size = header.le64(8);
  const bool flags_fit = header.u8(1) <= 4 && (header.u8(1) == 0 || header.u8(0) == k_data) && header.u8(1) != 3;
  const bool reserved_fits = header.le32(2) == 0 && header.le16(6) == 0;
  if (header.u8(0) == 0 || header.u8(0) > k_type_max || !flags_fit || !reserved_fits) return 0;
  return size >= k_object_bytes_min && at <= end && size <= end - at ? size : 0;
}

void name_object(WalkInput& input, std::uint64_t at, std::uint64_t size, WalkReport& report) {
  const ByteView header = input.at(at, 2);
  const bool is_packed = header.u8(0) == k_data && (header.u8(1) & k_packed_flags) != 0;
  const bool is_data = header.u8(0) == k_data;
  // Data and fields carry what was logged; the other objects are tables of offsets, hashes among them.
  report.region(at, at + k_object_bytes_min, RegionKind::structured);
  report.region(at + k_object_bytes_min, at + size,
                is_packed ? RegionKind::compressed
                : is_data ? RegionKind::plain
                          : RegionKind::structured);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (recognise({.head = input.head()}) == Likeness::none) return report;
  report.shape = Shape::whole;
  const std::uint64_t size = input.size_bytes();
  const Header header = read_header(input.head());
  const bool sizes_fit = header.bytes >= k_header_bytes_min && header.bytes % 8 == 0 && header.bytes <= header.end &&
                         header.end <= size && header.tail_object < header.end;
  if (!sizes_fit) {
    report.breaks("journald.header",
                  fmt::format("a header of {} bytes and an end at byte {} do not fit the file's {} bytes", header.bytes,
                              header.end, size),
                  {.from = 0, .to = std::min(k_header_bytes_min, size)});
    return report;
  }
  report.end_bytes = header.end;
  report.region(0, header.bytes, RegionKind::structured);
  const bool quick = input.depth() == model::Depth::quick;
  std::uint64_t at = header.bytes;
  std::uint64_t objects = 0;
  while (header.tail_object != 0 && at <= header.tail_object) {
    if (quick && objects == k_quick_objects) at = header.tail_object;
    if (!input.may_continue()) {
      report.remarks("journald.limit", fmt::format("stopped by a limit after {} objects", objects));
      return report;
    }
    const std::uint64_t length = object_bytes(input, at, header.end);
    if (length == 0) {
      if (input.read_error() || input.stopped()) return report;
      report.breaks("journald.object", fmt::format("no object stands at byte {}, behind {} whole ones", at, objects),
                    {.from = at, .to = header.tail_object});
      return report;
    }
    name_object(input, at, length, report);
    at += (length + 7) / 8 * 8;
    ++objects;
  }
  const bool counted = !quick || objects < k_quick_objects;
  if (counted && objects != header.objects && !header.is_open) {
    report.breaks("journald.count", fmt::format("{} objects where the header counts {}", objects, header.objects),
                  {.from = 136, .to = 152});
    return report;
  }
  report.reach = Reach::frame;
  report.holds("journald.objects",
               fmt::format("{} objects follow each other to the tail at byte {}", objects, header.tail_object));
  return report;
}

}  // namespace

const Format k_journald_format = {.id = "journald",
                                  .title = "systemd journal",
                                  .family = Family::other,
                                  .claims = k_claims,
                                  .recognise = recognise,
                                  .walk = walk};

}  // namespace lastgood::formats
