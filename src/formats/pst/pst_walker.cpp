// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Personal and offline store of Outlook: .pst, .ost. Specification: [MS-PST], section 2.2.2.
//
//   file   = header(564) ... from byte 0x4400: allocation map(page), what it maps: pages and blocks, again and again
//   page   = content trailer: type(1) type(1) signature(2) CRC(4) number(8)
//   block  = content, filled up to 64 bytes, trailer: length(2) signature(2) CRC(4) number(8)
//   Two B-trees of pages lead to the rest: nodes, and blocks (where each block is, and how long).
//
// At `quick` the maps, which stand at fixed places through the file, and the roots are looked at; at `standard` more
// maps and some hundred tree pages; at `full` both trees and every block.
#include "formats/pst/pst_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/pages/page_survey.h"
#include "formats/pst/pst_layout.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::Depth;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"pst", Promise::firm}, NameClaim{"ost", Promise::firm},
                                 NameClaim{"nst", Promise::firm}};
constexpr std::string_view k_magic = "!BDN";
constexpr std::uint64_t k_bad_named_max = 60;

Likeness recognise(const Edges& edges) {
  const bool fits =
      edges.head.matches(0, k_magic) && edges.head.u8(8) == 'S' && (edges.head.u8(9) == 'M' || edges.head.u8(9) == 'O');
  return fits ? Likeness::strong : Likeness::none;
}

/// Sections 2.2.2.6: two CRCs in the header, one in the oldest form.
std::string_view find_header_fault(const PstLayout& layout, ByteView head, std::uint64_t size_bytes) {
  if (head.le32(4) != pst_sum(head.part(8, 471))) return "the first CRC of the header does not fit";
  if (layout.form != PstForm::ansi && head.le32(524) != pst_sum(head.part(8, 516)))
    return "the second CRC of the header does not fit";
  if (layout.nodes_root_at >= size_bytes || layout.blocks_root_at >= size_bytes)
    return "a tree's root is behind the end";
  return {};
}

/// One allocation map at the start of every stretch. The server may leave a map invalid (fAMapValid) but never its
/// type.
PageSurvey survey_maps(WalkInput& input, WalkReport& report, const PstLayout& layout, std::uint64_t end_bytes) {
  const std::uint64_t covered = end_bytes > layout.first_map_at ? end_bytes - layout.first_map_at : 0;
  const std::uint64_t maps = (covered + layout.map_every_bytes - 1) / layout.map_every_bytes;
  const std::uint64_t wanted = input.depth() == Depth::full ? UINT64_MAX : input.depth() == Depth::quick ? 256 : 4096;
  const std::uint64_t step = std::max<std::uint64_t>(1, maps / wanted);
  PageSurvey survey{.every_page = step == 1};
  for (std::uint64_t i = 0; i < maps; i += step) {
    if (!input.may_continue()) {
      survey.every_page = false;
      break;
    }
    const std::uint64_t at = layout.first_map_at + i * layout.map_every_bytes;
    const ByteView page = input.at(at, static_cast<std::size_t>(layout.page_bytes));
    ++survey.looked_at;
    const std::string_view fault = find_pst_page_fault(layout, page, at, PstPageType::allocation);
    if (fault.empty()) continue;
    ++survey.bad;
    if (survey.bad > k_bad_named_max) continue;
    const std::uint64_t from = std::min(at, input.size_bytes());
    report.breaks("pst.map", fmt::format("allocation map {} of {}: {}", i + 1, maps, fault),
                  {.from = from, .to = std::min(input.size_bytes(), from + layout.page_bytes)});
  }
  return survey;
}

void report_tree(WalkReport& report, PstTree& tree, std::string_view what) {
  std::sort(tree.bad.begin(), tree.bad.end(),
            [](const model::ByteRange& a, const model::ByteRange& b) { return a.from < b.from; });
  std::vector<model::ByteRange> merged;
  for (const model::ByteRange& range : tree.bad) {
    if (!merged.empty() && range.from <= merged.back().to) {
      merged.back().to = std::max(merged.back().to, range.to);
    } else {
      merged.push_back(range);
    }
  }
  for (std::size_t i = 0; i < merged.size() && i < k_bad_named_max; ++i) {
    report.breaks("pst.tree", fmt::format("{}: {}", what, i == 0 ? tree.first_fault : "pages or blocks do not fit"),
                  merged[i]);
  }
  if (merged.size() > k_bad_named_max) {
    report.breaks("pst.tree", fmt::format("{}: {} more ranges do not fit", what, merged.size() - k_bad_named_max),
                  {.from = merged[k_bad_named_max].from, .to = merged.back().to});
  }
}

/// What no CRC has proven is mail in some coding, or free room with what was there before.
void name_regions(WalkReport& report, std::vector<model::ByteRange>& verified, std::uint64_t end_bytes) {
  std::sort(verified.begin(), verified.end(),
            [](const model::ByteRange& a, const model::ByteRange& b) { return a.from < b.from; });
  std::uint64_t at = 564;
  report.region(0, at, RegionKind::verified);
  for (const model::ByteRange& range : verified) {
    if (report.shape != Shape::broken) report.region(at, std::min(range.from, end_bytes), RegionKind::compressed);
    report.region(std::max(at, range.from), std::min(range.to, end_bytes), RegionKind::verified);
    at = std::max(at, range.to);
  }
  if (report.shape != Shape::broken) report.region(at, end_bytes, RegionKind::compressed);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, k_magic)) return report;
  report.shape = Shape::whole;
  constexpr std::uint64_t k_header_bytes = 564;
  if (!head.has(0, k_header_bytes)) {
    report.breaks("pst.cut", fmt::format("the content ends at byte {}, inside its header", input.size_bytes()),
                  {.from = 0, .to = std::min(k_header_bytes, input.size_bytes())});
    return report;
  }
  const std::optional<PstLayout> layout = parse_pst_header(head);
  const std::string_view fault =
      !layout ? "the version is unknown" : find_header_fault(*layout, head, input.size_bytes());
  if (!fault.empty()) {
    report.breaks("pst.header", fmt::format("header: {}", fault),
                  {.from = 0, .to = std::min<std::uint64_t>(564, input.size_bytes())});
    return report;
  }
  if (layout->end_bytes > input.size_bytes()) {
    report.breaks("pst.length",
                  fmt::format("the header says {} bytes, the content has {}", layout->end_bytes, input.size_bytes()),
                  {.from = 160, .to = 220});
  } else {
    report.end_bytes = layout->end_bytes;
  }
  const std::uint64_t end = std::min(layout->end_bytes, input.size_bytes());
  const PageSurvey maps = survey_maps(input, report, *layout, end);
  const bool is_full = input.depth() == Depth::full;
  const std::uint64_t pages_max = is_full ? UINT64_MAX : input.depth() == Depth::quick ? 2 : 256;
  PstTree nodes = walk_pst_tree(input, *layout, PstPageType::nodes, PstBlocks::skip, pages_max);
  PstTree blocks =
      walk_pst_tree(input, *layout, PstPageType::blocks, is_full ? PstBlocks::check : PstBlocks::skip, pages_max);
  report_tree(report, nodes, "tree of nodes");
  report_tree(report, blocks, "tree of blocks");
  report.reach = is_full && nodes.is_complete && blocks.is_complete ? Reach::content
                 : maps.every_page                                  ? Reach::frame
                                                                    : Reach::sampled;
  if (input.stopped()) report.reach = Reach::opening;
  std::vector<model::ByteRange> verified = std::move(nodes.verified);
  verified.insert(verified.end(), blocks.verified.begin(), blocks.verified.end());
  name_regions(report, verified, end);
  if (report.shape == Shape::whole) {
    report.holds("pst.trees", fmt::format("{} allocation maps, {} pages of the two trees and {} blocks fit their CRC",
                                          maps.looked_at, nodes.pages + blocks.pages, blocks.blocks));
  }
  return report;
}

}  // namespace

std::optional<PstLayout> parse_pst_header(ByteView head) {
  const std::uint16_t version = head.le16(10);
  PstLayout layout;
  if (version == 14 || version == 15) {
    layout.form = PstForm::ansi;
    layout.page_trailer_bytes = 12;
    layout.map_every_bytes = 253952;
    layout.end_bytes = head.le32(168);
    layout.nodes_root_at = head.le32(188);
    layout.blocks_root_at = head.le32(196);
    layout.cipher = head.u8(461);
    return layout;
  }
  if (version < 20 || version > 40) return std::nullopt;
  layout.end_bytes = head.le64(184);
  layout.nodes_root_at = head.le64(224);
  layout.blocks_root_at = head.le64(240);
  layout.cipher = head.u8(513);
  if (version >= 36) {
    layout.form = PstForm::unicode_4k;
    layout.page_bytes = 4096;
    layout.page_trailer_bytes = 24;
    layout.block_align_bytes = 512;
    layout.first_map_at = 0x22000;
    layout.map_every_bytes = 16678912;
  }
  return layout;
}

const Format k_pst_format = {.id = "pst",
                             .title = "Outlook mail store",
                             .family = Family::mail,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
