// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// KDE wallet. Source: KDE kwalletd, file format version 0.0 and 0.1.
//
//   file = "KWALLET" LF CR NUL CR LF major(1) minor(1) cipher(1) hash(1) folders folder* ciphertext
//   folders = count(4, big endian); folder = MD5 of its name(16) entries(4) MD5 of each entry's name(16)*
//   ciphertext: whole blocks of 8 bytes (Blowfish)
#include "formats/kwallet/kwallet_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"kwl", Promise::firm}};
constexpr std::string_view k_magic = "KWALLET\n\r\0\r\n"sv;
constexpr std::uint64_t k_header_bytes = 16;
constexpr std::uint64_t k_digest_bytes = 16;
constexpr std::uint64_t k_block_bytes = 8;
constexpr std::uint64_t k_entries_believed_max = 64 * 1024;  // in one folder

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, k_magic)) return report;
  const std::uint64_t size = input.size_bytes();
  const std::uint32_t folders = input.at(k_header_bytes, 4).be32(0);
  std::uint64_t at = k_header_bytes + 4;
  bool fits = head.u8(12) == 0 && head.u8(13) <= 1 && head.u8(14) <= 3 && head.u8(15) <= 3 && size >= at &&
              folders <= size / 20;
  bool ends_inside = false;
  for (std::uint32_t folder = 0; fits && folder < folders && input.may_continue(); ++folder) {
    const std::uint64_t entries = input.at(at + k_digest_bytes, 4).be32(0);
    at += k_digest_bytes + 4;
    fits = at <= size && entries <= (size - at) / k_digest_bytes;
    ends_inside = !fits && entries <= k_entries_believed_max;
    if (fits) at += entries * k_digest_bytes;
  }
  if (input.stopped()) return report;
  if (!fits || at >= size || (size - at) % k_block_bytes != 0) {
    // The table of folders holds: then only the size is not what it must be.
    report.breaks(fits          ? "kwallet.length"
                  : ends_inside ? "kwallet.cut"
                                : "kwallet.folders",
                  fmt::format("{} folders lead to byte {} of {}, no whole blocks follow", folders, at, size),
                  {.from = std::min(size, k_header_bytes), .to = size});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.region(0, k_header_bytes + 4, RegionKind::structured);
  report.region(k_header_bytes + 4, size, RegionKind::compressed);
  report.holds("kwallet.folders",
               fmt::format("{} folders, {} blocks of ciphertext", folders, (size - at) / k_block_bytes));
  return report;
}

}  // namespace

const Format k_kwallet_format = {.id = "kwallet",
                                 .title = "KDE wallet",
                                 .family = Family::owner_encrypted,
                                 .claims = k_claims,
                                 .recognise = recognise,
                                 .walk = walk};

}  // namespace lastgood::formats
