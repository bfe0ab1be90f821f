// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// gitformat-pack(5):
//
//   object = type-and-size  [base-offset | base-name]  zlib-stream
//   type-and-size: bit 7 goes on, bits 4-6 type, the rest the size, lowest first
//   types: 1 commit, 2 tree, 3 blob, 4 tag, 6 delta by offset, 7 delta by name
#include "formats/git/git_pack.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "formats/codec/deflate.h"
#include "formats/decoded_unit.h"
#include "formats/git/git_checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::uint64_t k_objects_from = 12;
constexpr std::uint64_t k_sha1_bytes = 20;
constexpr std::uint64_t k_sha256_bytes = 32;
constexpr std::uint64_t k_header_bytes_max = 64;

struct ObjectHeader {
  std::uint64_t length_bytes = 0;
  std::uint64_t decoded_bytes = 0;
  bool by_name = false;  // the base's name follows: 20 or 32 bytes
};

std::optional<ObjectHeader> parse_object(ByteView bytes) {
  const unsigned type = (bytes.u8(0) >> 4) & 7U;
  if (bytes.empty() || type == 0 || type == 5) return std::nullopt;
  ObjectHeader header{.decoded_bytes = bytes.u8(0) & 0x0FU, .by_name = type == 7};
  std::uint64_t at = 0;
  for (unsigned shift = 4; (bytes.u8(at) & 0x80U) != 0; shift += 7) {
    ++at;
    if (shift > 56) return std::nullopt;
    header.decoded_bytes |= std::uint64_t{bytes.u8(at) & 0x7FU} << shift;
  }
  ++at;
  if (type == 6) {
    while ((bytes.u8(at) & 0x80U) != 0 && at < 32) ++at;
    ++at;
  }
  header.length_bytes = at;
  return bytes.has(0, at) ? std::optional(header) : std::nullopt;
}

/// Length of a base's name: a zlib stream begins behind it.
std::uint64_t name_length(ByteView bytes, std::uint64_t at) {
  const auto begins_zlib = [&](std::uint64_t offset) {
    return (bytes.u8(offset) & 0x8FU) == 8 && bytes.be16(offset) % 31 == 0;
  };
  return !begins_zlib(at + k_sha1_bytes) && begins_zlib(at + k_sha256_bytes) ? k_sha256_bytes : k_sha1_bytes;
}

/// All objects were decoded to `at`: the digest must follow, and nothing else.
void report_end(WalkInput& input, WalkReport& report, std::uint64_t at, std::uint64_t objects) {
  for (const std::uint64_t digest_bytes : {k_sha1_bytes, k_sha256_bytes}) {
    if (at + digest_bytes > input.size_bytes()) continue;
    if (check_git_trailer(input, at + digest_bytes, digest_bytes) != DigestState::fits) continue;
    report.end_bytes = at + digest_bytes;
    report.region(at, at + digest_bytes, model::RegionKind::verified);
    report.reach = Reach::content;
    report.holds("git.pack-objects", fmt::format("{} objects decode and their digest stands at byte {}", objects, at));
    return;
  }
  report.breaks("git.digest", fmt::format("{} objects decode, no digest that fits them stands at byte {}", objects, at),
                {.from = at, .to = input.size_bytes()});
}

}  // namespace

void walk_pack_objects(WalkInput& input, WalkReport& report, std::uint64_t budget_bytes) {
  const std::uint64_t count = input.head().be32(8);
  const std::uint64_t size = input.size_bytes();
  std::uint64_t at = k_objects_from;
  for (std::uint64_t i = 0; i < count; ++i) {
    const ByteView bytes = input.at(at, k_header_bytes_max);
    const std::optional<ObjectHeader> header = parse_object(bytes);
    if (!header && i == 0 && !input.name().ends_with(".pack")) {
      report.shape = Shape::foreign;  // other packers begin with the same eight bytes
      return;
    }
    if (!header) {
      report.breaks("git.pack-object", fmt::format("no object stands at byte {}, after {} of {}", at, i, count),
                    {.from = at, .to = std::min(size, at + 64 * 1024)});
      return;
    }
    const std::uint64_t from =
        at + header->length_bytes + (header->by_name ? name_length(bytes, header->length_bytes) : 0);
    Decoded decoded = decode_deflate(input, from, size, DeflateFrame::zlib, budget_bytes);
    if (decoded.end == DecodeEnd::complete && decoded.produced_bytes != header->decoded_bytes)
      decoded.end = DecodeEnd::malformed;
    const UnitState state =
        report_decoding_to_end(report, decoded, {.from = from, .to = size}, "git.pack-object", "the object");
    if (state == UnitState::broken) return;
    at = from + decoded.consumed_bytes;
    budget_bytes -= std::min(budget_bytes, decoded.produced_bytes);
    if (state == UnitState::not_decoded || budget_bytes == 0 || !input.may_continue()) {
      report.region(at, size, model::RegionKind::compressed);
      report.reach = Reach::sampled;
      report.holds("git.pack-objects", fmt::format("{} of {} objects decode, the rest was not looked at", i, count));
      return;
    }
  }
  report_end(input, report, at, count);
}

}  // namespace lastgood::formats
