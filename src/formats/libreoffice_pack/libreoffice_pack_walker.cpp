// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Backup of settings that LibreOffice keeps in each user's profile (user/pack/*.pack). Source: the files themselves, as
// version 7.4 writes them; every number below was checked on them. It shares its first letters with git's packs.
//
//   file  = "PACK" count(4, big endian) entry* stream*
//   entry = size(4) CRC-32 of the unpacked bytes(4) packed size(4)          stream = zlib
#include "formats/libreoffice_pack/libreoffice_pack_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/checksum.h"
#include "formats/codec/inflate_in_memory.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"pack", Promise::loose}};
constexpr std::string_view k_magic = "PACK";
constexpr std::uint64_t k_header_bytes = 8;
constexpr std::uint64_t k_entry_bytes = 12;
constexpr std::uint32_t k_entries_max = 64;  // the program keeps a handful
constexpr std::uint64_t k_stream_bytes_max = 8 * 1024 * 1024;

/// Where the streams begin; 0 when the table and its packed sizes do not make up the whole content.
std::uint64_t find_streams(ByteView head, std::uint64_t size_bytes) {
  const std::uint32_t count = head.be32(4);
  if (!head.matches(0, k_magic) || count == 0 || count > k_entries_max) return 0;
  const std::uint64_t from = k_header_bytes + count * k_entry_bytes;
  std::uint64_t end = from;
  for (std::uint32_t i = 0; i < count; ++i) end += head.be32(k_header_bytes + i * k_entry_bytes + 8);
  return end == size_bytes ? from : 0;
}

Likeness recognise(const Edges& edges) {
  return find_streams(edges.head, edges.size_bytes) != 0 ? Likeness::strong : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  std::uint64_t at = find_streams(input.head(), input.size_bytes());
  if (at == 0) return report;
  const std::uint32_t count = input.head().be32(4);
  report.region(0, at, RegionKind::structured);
  report.region(at, input.size_bytes(), RegionKind::compressed);
  report.end_bytes = input.size_bytes();
  report.shape = Shape::whole;
  report.reach = Reach::frame;
  std::uint32_t checked = 0;
  for (std::uint32_t i = 0; i < count && input.may_continue(64); ++i) {
    const std::uint64_t entry = k_header_bytes + i * k_entry_bytes;
    const std::uint32_t size = input.head().be32(entry);
    const std::uint32_t packed = input.head().be32(entry + 8);
    if (size <= k_stream_bytes_max && packed <= k_window_bytes) {
      const ByteView bytes = input.at(at, packed);
      const Inflated made = inflate_in_memory(bytes, DeflateFrame::zlib, size);
      if (made.end != DecodeEnd::complete || made.made.size() != size ||
          base::crc32(made.made) != input.head().be32(entry + 4)) {
        report.breaks("libreoffice-pack.stream", fmt::format("the stream at byte {} is not what the table says", at),
                      {.from = at, .to = std::min(input.size_bytes(), at + packed)});
        return report;
      }
      ++checked;
    }
    at += packed;
  }
  if (checked == count) report.reach = Reach::content;
  report.holds("libreoffice-pack.streams",
               fmt::format("{} of {} streams have the size and the checksum of the table", checked, count));
  return report;
}

}  // namespace

const Format k_libreoffice_pack_format = {.id = "libreoffice-pack",
                                          .title = "LibreOffice settings backup",
                                          .family = Family::other,
                                          .claims = k_claims,
                                          .recognise = recognise,
                                          .walk = walk};

}  // namespace lastgood::formats
