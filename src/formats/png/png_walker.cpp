// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PNG and its animated and MNG/JNG cousins. Specification: W3C PNG (Third Edition), sections 5.2 to 5.6; MNG 1.0.
//
//   file  = signature(8) chunk*
//   chunk = length(4, big endian, < 2^31) type(4 letters) data(length) crc32(4, over type and data)
//   IHDR comes first (MHDR in MNG, JHDR in JNG); IEND (MEND) comes last and is empty.
#include "formats/png/png_walker.h"

#include <array>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"png", Promise::firm}, NameClaim{"apng", Promise::firm},
                                 NameClaim{"mng", Promise::firm}, NameClaim{"jng", Promise::firm}};
constexpr std::uint64_t k_signature_bytes = 8;
constexpr std::uint64_t k_chunk_overhead_bytes = 12;
constexpr std::uint32_t k_chunk_data_bytes_max = 0x7FFFFFFF;

struct Kind {
  std::string_view signature;
  std::string_view id;
  std::string_view first_chunk;
  std::string_view last_chunk;
};
constexpr std::array k_kinds = {Kind{"\x89PNG\r\n\x1a\n"sv, "png", "IHDR", "IEND"},
                                Kind{"\x8aMNG\r\n\x1a\n"sv, "mng", "MHDR", "MEND"},
                                Kind{"\x8bJNG\r\n\x1a\n"sv, "jng", "JHDR", "IEND"}};

const Kind* find_kind(ByteView head) {
  for (const Kind& kind : k_kinds) {
    if (head.matches(0, kind.signature)) return &kind;
  }
  return nullptr;
}

Likeness recognise(const Edges& edges) { return find_kind(edges.head) != nullptr ? Likeness::strong : Likeness::none; }

bool is_chunk_type(ByteView type) {
  for (const std::uint8_t byte : type) {
    const bool letter = (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
    if (!letter) return false;
  }
  return type.size() == 4;
}

/// True when the chunk's stored CRC fits type and data.
bool crc_fits(WalkInput& input, std::uint64_t chunk_from, std::uint32_t data_bytes) {
  std::uint64_t at = chunk_from + 4;
  const std::uint64_t end = at + 4 + data_bytes;
  std::uint32_t crc = 0;
  while (at < end) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(end - at, 256 * 1024)));
    if (piece.empty()) return false;
    crc = base::crc32(piece, crc);
    at += piece.size();
  }
  return input.at(end, 4).be32(0) == crc;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const Kind* kind = find_kind(input.head());
  if (kind == nullptr) return report;
  report.shape = Shape::whole;
  report.format = kind->id;
  report.region(0, k_signature_bytes, RegionKind::structured);

  // The frame costs one read per chunk; checksums read everything, so beyond memory they wait for `full`.
  const bool check_sums = input.depth() == model::Depth::full || !input.whole().empty();
  std::uint64_t at = k_signature_bytes;
  std::uint64_t chunks = 0;
  while (input.may_continue()) {
    const ByteView header = input.at(at, 8);
    const std::uint32_t data_bytes = header.be32(0);
    const std::string type(header.part(4, 4).text());
    const model::ByteRange header_range{.from = at, .to = at + 8};
    if (header.size() < 8 || data_bytes > k_chunk_data_bytes_max || !is_chunk_type(header.part(4, 4))) {
      report.breaks("png.chunk", fmt::format("no chunk header at byte {} after {} whole chunks", at, chunks),
                    header_range);
      report.misses_fields({.from = at, .to = std::min(input.size_bytes(), at + 8)});
      return report;
    }
    const std::uint64_t next = at + k_chunk_overhead_bytes + data_bytes;
    if (next > input.size_bytes()) {
      report.breaks(
          "png.length",
          fmt::format("chunk '{}' at byte {} ends at byte {}, the content at {}", type, at, next, input.size_bytes()),
          header_range);
      return report;
    }
    if (chunks == 0 && type != kind->first_chunk) {
      report.breaks("png.first", fmt::format("first chunk is '{}' where '{}' must stand", type, kind->first_chunk),
                    header_range);
      return report;
    }
    if (check_sums && !crc_fits(input, at, data_bytes)) {
      if (input.stopped()) break;
      report.breaks("png.crc",
                    fmt::format("checksum of chunk '{}' at byte {} does not fit its {} bytes", type, at, data_bytes),
                    {.from = at, .to = next});
      // Bytes of one chunk may be damaged. Where the next one does not even begin, more than that was replaced.
      const std::uint64_t size = input.size_bytes();
      if (!is_chunk_type(input.at(next + 4, 4))) report.misses_fields({.from = next, .to = std::min(size, next + 8)});
      return report;
    }
    report.region(at, at + 8, RegionKind::structured);
    report.region(at + 8, next, check_sums ? RegionKind::verified : RegionKind::compressed);
    at = next;
    ++chunks;
    if (type == kind->last_chunk) {
      report.end_bytes = at;
      report.reach = check_sums ? Reach::content : Reach::frame;
      report.holds("png.chunks", fmt::format("{} chunks tile the content to byte {}{}", chunks, at,
                                             check_sums ? ", every checksum fits" : ""));
      return report;
    }
  }
  report.remarks("png.limit", fmt::format("stopped by a limit after {} chunks, at byte {}", chunks, at));
  return report;
}

std::optional<SurvivingRest> find_rest(WalkInput& input) {
  const ByteView tail = input.tail();
  const ByteView last = tail.part(tail.size() - std::min<std::uint64_t>(tail.size(), k_chunk_overhead_bytes));
  if (!last.matches(0, "\0\0\0\0IEND\xAE\x42\x60\x82"sv)) return std::nullopt;
  return SurvivingRest{.sentence = "the content ends with an image's last chunk"};
}

}  // namespace

const Format k_png_format = {.id = "png",
                             .title = "PNG image",
                             .family = Family::image,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk,
                             .find_rest = find_rest};

}  // namespace lastgood::formats
