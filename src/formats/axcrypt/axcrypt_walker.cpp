// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// AxCrypt 1 and 2. Source: the published AxCrypt file format (header blocks of length, type and data).
//
//   file  = GUID(16) block* data
//   block = length(4, little endian, itself and the type included) type(1) content
//   the block of type 63 is the last one; its content is the length of the data behind it (8)
#include "formats/axcrypt/axcrypt_walker.h"

#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"axx", Promise::firm}};
constexpr std::string_view k_magic = "\xC0\xB9\x07\x2E\x4F\x93\xF1\x46\xA0\x15\x79\x2C\xA1\xD9\xE8\x21"sv;
constexpr std::uint8_t k_data_type = 63;
constexpr std::uint32_t k_block_bytes_max = 1U << 20U;
constexpr std::uint64_t k_blocks_max = 1024;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0, k_magic)) return report;
  report.region(0, k_magic.size(), RegionKind::structured);
  std::uint64_t at = k_magic.size();
  for (std::uint64_t blocks = 0; blocks < k_blocks_max && input.may_continue(); ++blocks) {
    const ByteView header = input.at(at, 13);
    const std::uint32_t length = header.le32(0);
    const std::uint8_t type = header.u8(4);
    const bool is_header = header.size() >= 5 && length >= 5 && length <= k_block_bytes_max && type <= k_data_type;
    if (!is_header || length > input.size_bytes() - at) {
      report.breaks(is_header || header.size() < 5 ? "axcrypt.cut" : "axcrypt.block",
                    fmt::format("no whole header block at byte {} after {} blocks", at, blocks),
                    {.from = at, .to = input.size_bytes()});
      return report;
    }
    report.region(at, at + 5, RegionKind::structured);
    report.region(at + 5, at + length, RegionKind::compressed);
    at += length;
    if (type != k_data_type) continue;
    const std::uint64_t data_bytes = length >= 13 ? header.le64(5) : 0;
    const std::uint64_t left = input.size_bytes() - at;
    report.region(at, input.size_bytes(), RegionKind::compressed);
    if (data_bytes > left) {
      report.breaks("axcrypt.cut", fmt::format("{} bytes of data begin at byte {}, {} are there", data_bytes, at, left),
                    {.from = at, .to = input.size_bytes()});
      return report;
    }
    report.shape = Shape::sealed;
    report.reach = Reach::frame;
    if (data_bytes != 0) report.end_bytes = at + data_bytes;
    report.holds("axcrypt.blocks", fmt::format("{} header blocks, data from byte {} on", blocks + 1, at));
    return report;
  }
  if (!input.stopped()) report.breaks("axcrypt.block", fmt::format("no data within {} header blocks", k_blocks_max));
  return report;
}

}  // namespace

const Format k_axcrypt_format = {.id = "axcrypt",
                                 .title = "AxCrypt file",
                                 .family = Family::owner_encrypted,
                                 .claims = k_claims,
                                 .recognise = recognise,
                                 .walk = walk};

}  // namespace lastgood::formats
