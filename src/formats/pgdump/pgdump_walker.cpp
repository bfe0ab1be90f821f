// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Archives of pg_dump: the custom format (pg_dump -Fc) and toc.dat of the directory format (-Fd). See pgdump_toc.h and
// pgdump_data.h for their bytes.
#include "formats/pgdump/pgdump_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.h"
#include "formats/pgdump/pgdump_data.h"

namespace lastgood::formats {

namespace {

using model::RegionKind;
using pgdump::Layout;
using pgdump::TocEnd;

constexpr std::array k_claims = {NameClaim{"pgdump", Promise::firm}, NameClaim{"dump", Promise::loose},
                                 NameClaim{"backup", Promise::loose}, NameClaim{"pgd", Promise::loose}};
constexpr std::uint64_t k_fields_bytes = 512;

Likeness recognise(const Edges& edges) {
  return edges.head.matches(0, pgdump::k_magic) ? Likeness::strong : Likeness::none;
}

void tell_broken_toc(const WalkInput& input, const pgdump::TocReading& reading, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t at = std::min(reading.trouble_at, size);
  report.region(0, at, RegionKind::structured);
  if (reading.end == TocEnd::cut) {
    report.breaks("pgdump.cut",
                  fmt::format("the content ends at byte {} inside {} that begins at byte {}, after {} entries", size,
                              reading.trouble_field, at, reading.toc.entries),
                  {.from = at, .to = size});
    return;
  }
  const model::ByteRange fields{.from = at, .to = std::min(size, at + k_fields_bytes)};
  report.breaks(
      "pgdump.toc",
      fmt::format("{} does not fit at byte {}, after {} entries", reading.trouble_field, at, reading.toc.entries),
      fields);
  if (fields.from < fields.to) report.misses_fields(fields);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0, pgdump::k_magic)) return report;
  report.shape = Shape::whole;
  pgdump::TocReading reading = pgdump::read_toc(input);
  if (reading.end == TocEnd::foreign_version) {
    report.remarks("pgdump.version", fmt::format("an archive of version {}.{}, which is not known here",
                                                 input.head().u8(5), input.head().u8(6)));
    return report;
  }
  if (reading.end == TocEnd::stopped) {
    report.remarks("pgdump.limit", fmt::format("stopped by a limit after {} entries", reading.toc.entries));
    return report;
  }
  if (reading.end != TocEnd::whole) {
    tell_broken_toc(input, reading, report);
    return report;
  }
  pgdump::Toc& toc = reading.toc;
  report.region(0, toc.end_bytes, RegionKind::structured);
  report.holds(
      "pgdump.toc",
      fmt::format("archive version 1.{} of pg_dump {}: {} entries, {} of them with data, to byte {}", toc.header.minor,
                  base::printable(toc.header.pg_dump_version), toc.entries, toc.data.size(), toc.end_bytes));
  if (toc.header.layout == Layout::custom) {
    pgdump::walk_data(input, toc, report);
    return report;
  }
  report.reach = Reach::frame;
  report.end_bytes = toc.end_bytes;
  return report;
}

}  // namespace

const Format k_pgdump_format = {.id = "pgdump",
                                .title = "PostgreSQL dump archive",
                                .family = Family::backup,
                                .claims = k_claims,
                                .recognise = recognise,
                                .walk = walk};

}  // namespace lastgood::formats
