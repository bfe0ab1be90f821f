// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Object inventories of Sphinx documentation (objects.inv). Facts from Sphinx's public sources (util/inventory.py).
//
//   file = "# Sphinx inventory version 2" LF "# Project: ..." LF "# Version: ..." LF "# The remainder ... zlib." LF
//   zlib stream
#include "formats/sphinx_inventory/sphinx_inventory_walker.h"

#include <array>

#include <fmt/format.h>

#include "formats/codec/deflate.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"inv", Promise::loose}};
constexpr std::string_view k_opening = "# Sphinx inventory version 2\n";
constexpr std::size_t k_lines = 4;
constexpr std::uint64_t k_unpacked_bytes_max = 256ULL * 1024 * 1024;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_opening) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, k_opening)) return report;
  report.shape = Shape::whole;
  std::size_t from = 0;
  for (std::size_t line = 0; line < k_lines; ++line) {
    const std::size_t close = head.find("\n", from);
    if (close == ByteView::npos) {
      report.breaks("sphinx_inventory.lines", fmt::format("{} of {} opening lines", line, k_lines),
                    {.from = 0, .to = head.size()});
      return report;
    }
    from = close + 1;
  }
  report.region(0, from, RegionKind::structured);
  const Decoded decoded = decode_deflate(input, from, input.size_bytes(), DeflateFrame::zlib, k_unpacked_bytes_max);
  if (decoded.end == DecodeEnd::stopped) {
    report.region(from, input.size_bytes(), RegionKind::compressed);
    report.remarks("sphinx_inventory.limit",
                   fmt::format("stopped by a limit after {} unpacked bytes", decoded.produced_bytes));
    return report;
  }
  if (decoded.end != DecodeEnd::complete) {
    report.breaks(decoded.end == DecodeEnd::cut ? "sphinx_inventory.cut" : "sphinx_inventory.stream",
                  fmt::format("the stream breaks off at byte {}", from + decoded.consumed_bytes),
                  {.from = from, .to = input.size_bytes()});
    return report;
  }
  report.end_bytes = from + decoded.consumed_bytes;
  report.reach = Reach::content;
  report.region(from, *report.end_bytes, RegionKind::verified);
  report.holds("sphinx_inventory.stream",
               fmt::format("four lines and a stream of {} bytes, its checksum fits", decoded.produced_bytes));
  return report;
}

}  // namespace

const Format k_sphinx_inventory_format = {.id = "sphinx-inventory",
                                          .title = "documentation inventory",
                                          .family = Family::other,
                                          .claims = k_claims,
                                          .recognise = recognise,
                                          .walk = walk};

}  // namespace lastgood::formats
