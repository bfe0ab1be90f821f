// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's global/pg_control. Layout: catalog/pg_control.h; the fields differ from version to version, their
// CRC-32C stands behind the last of them, zeros fill the file.
//
//   file = system(8) version(4) catalogue(4) ... crc32c(4, over all before) zero*
#include "formats/postgresql_control/postgresql_control_walker.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::uint64_t k_fields_bytes_min = 160;
constexpr std::uint64_t k_fields_bytes_max = 512;

bool is_version(ByteView head) {
  const std::uint32_t version = head.le32(8);
  const std::uint32_t catalogue = head.le32(12);  // a date, YYYYMMDDN
  return version >= 800 && version <= 3000 && catalogue >= 200'000'000 && catalogue <= 209'912'319;
}

Likeness recognise(const Edges& edges) {
  const bool fits = edges.size_bytes >= 4096 && edges.size_bytes <= 65536 && is_version(edges.head);
  return fits ? Likeness::strong : Likeness::none;
}

/// Where the checksum stands; 0 when it stands nowhere.
std::uint64_t find_sum(ByteView head) {
  for (std::uint64_t at = k_fields_bytes_min; at <= k_fields_bytes_max; at += 4) {
    if (head.le32(at) != 0 && base::crc32c(head.part(0, at)) == head.le32(at)) return at;
  }
  return 0;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (input.size_bytes() < 4096 || input.size_bytes() > 65536 || !is_version(head)) return report;
  report.shape = Shape::whole;
  report.reach = Reach::content;
  const std::uint64_t sum_at = find_sum(head);
  if (sum_at == 0) {
    report.breaks("postgresql-control.crc", "no CRC-32C of the fields fits", {.from = 0, .to = k_fields_bytes_max});
    return report;
  }
  report.region(0, sum_at + 4, RegionKind::verified);
  const auto* const first = head.begin() + sum_at + 4;
  const auto* const stray = std::find_if(first, head.end(), [](std::uint8_t byte) { return byte != 0; });
  if (stray != head.end()) {
    const auto at = static_cast<std::uint64_t>(stray - head.begin());
    report.breaks("postgresql-control.fill", fmt::format("byte {} behind the fields is not zero", at),
                  {.from = at, .to = input.size_bytes()});
    return report;
  }
  report.end_bytes = input.size_bytes();
  report.region(sum_at + 4, input.size_bytes(), RegionKind::zero);
  report.holds("postgresql-control.crc",
               fmt::format("the CRC-32C of {} bytes of fields fits, version {}", sum_at, head.le32(8)));
  return report;
}

}  // namespace

const Format k_postgresql_control_format = {.id = "postgresql_control",
                                            .title = "PostgreSQL control file",
                                            .family = Family::database,
                                            .claims = {},
                                            .recognise = recognise,
                                            .walk = walk};

}  // namespace lastgood::formats
