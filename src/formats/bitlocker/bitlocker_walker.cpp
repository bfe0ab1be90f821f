// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// BitLocker volume. Source: the public description of the BDE format by J. Metz (libbde documentation).
//
//   boot sector = jump(3) "-FVE-FS-" ... bytes per sector(2 at 11) ... three metadata offsets(8 each at 176) ... 55 AA
//   To Go       = "MSWIN4.1" instead, and the BitLocker GUID at 424, offsets at 440
//   metadata    = "-FVE-FS-" size(2) version(2) at each of the three offsets
#include "formats/bitlocker/bitlocker_walker.h"

#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::string_view k_signature = "-FVE-FS-";
constexpr std::string_view k_to_go_guid = "\x3B\xD6\x67\x49\x29\x2E\xD8\x4A\x83\x99\xF6\xA3\x39\xE3\xD0\x01"sv;
constexpr std::uint64_t k_offsets_at = 176;
constexpr std::uint64_t k_to_go_guid_at = 424;
constexpr std::uint64_t k_to_go_offsets_at = 440;
constexpr std::uint64_t k_sector_bytes = 512;

/// Where the metadata offsets stand; 0 when this is no BitLocker boot sector.
std::uint64_t find_offsets(ByteView head) {
  if (!head.has(0, k_sector_bytes)) return 0;
  if (head.matches(3, k_signature)) return k_offsets_at;
  return head.matches(k_to_go_guid_at, k_to_go_guid) ? k_to_go_offsets_at : 0;
}

Likeness recognise(const Edges& edges) { return find_offsets(edges.head) != 0 ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t offsets_at = find_offsets(input.head());
  if (offsets_at == 0) return report;
  const std::uint64_t size = input.size_bytes();
  std::array<std::uint64_t, 3> offsets{};
  for (std::size_t i = 0; i < offsets.size(); ++i) offsets[i] = input.head().le64(offsets_at + 8 * i);
  std::uint64_t found = 0;
  std::string missing;
  for (const std::uint64_t offset : offsets) {
    if (offset != 0 && offset < size && input.at(offset, 12).matches(0, k_signature))
      ++found;
    else
      missing += fmt::format("{}{}", missing.empty() ? "" : ", ", offset);
  }
  if (found == 0 || input.head().u8(510) != 0x55 || input.head().u8(511) != 0xAA) {
    report.breaks("bitlocker.metadata", fmt::format("{} of 3 metadata blocks stand where the boot sector says", found),
                  {.from = 0, .to = k_sector_bytes});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.region(0, k_sector_bytes, RegionKind::structured);
  report.region(k_sector_bytes, size, RegionKind::compressed);
  report.holds("bitlocker.metadata", fmt::format("{} of 3 metadata blocks stand where the boot sector says", found));
  if (found < 3) report.remarks("bitlocker.copies", fmt::format("no metadata block at {}", missing));
  return report;
}

}  // namespace

const Format k_bitlocker_format = {.id = "bitlocker",
                                   .title = "BitLocker volume",
                                   .family = Family::owner_encrypted,
                                   .claims = {},
                                   .recognise = recognise,
                                   .walk = walk};

}  // namespace lastgood::formats
