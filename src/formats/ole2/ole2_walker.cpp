// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// OLE2 compound files: doc, xls, ppt, msg, msi, encrypted docx and many more. Specification: [MS-CFB].
//
//   file      = header sector*              sector n stands at (n + 1) * sector size (512 or 4096)      (2.1, 2.2)
//   table     = sectors named by the header and by the DIFAT sectors; entry n: the sector after n       (2.3, 2.5)
//   directory = chain of 128-byte entries that form one tree per storage                                (2.6)
//   stream    = chain of sectors, or, under 4096 bytes, of 64-byte pieces of the root's mini stream     (2.4)
// Every chain must stay in the content and own its sectors alone. Workbook and presentation records are walked, the
// heads of the other well-known streams are looked at.
#include "formats/ole2/ole2_walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/ole2/ole2_contents.h"
#include "formats/ole2/ole2_directory.h"
#include "formats/ole2/ole2_sectors.h"
#include "formats/ole2/ole2_streams.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"doc"},
                                 NameClaim{"dot"},
                                 NameClaim{"xls"},
                                 NameClaim{"xlt"},
                                 NameClaim{"xla"},
                                 NameClaim{"ppt"},
                                 NameClaim{"pps"},
                                 NameClaim{"pot"},
                                 NameClaim{"msi"},
                                 NameClaim{"msp"},
                                 NameClaim{"vsd"},
                                 NameClaim{"vss"},
                                 NameClaim{"vst"},
                                 NameClaim{"mpp"},
                                 NameClaim{"hwp"},
                                 NameClaim{"pub", Promise::loose},
                                 NameClaim{"msg", Promise::loose},
                                 NameClaim{"db", Promise::loose},
                                 NameClaim{"mst", Promise::loose}};

constexpr std::string_view k_magic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv;
constexpr std::uint32_t k_quick_table_sectors = 512;
// The first 109 table sectors are named in the header, [MS-CFB] 2.2.
constexpr model::ByteRange k_difat_in_header{.from = 0x4C, .to = 512};
constexpr std::size_t k_flaws_max = 40;
constexpr std::uint64_t k_stale_cell_bytes = 512;
constexpr int k_stale_values_max = 190;  // 512 random bytes hold about 221 different values

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

/// Free sectors at the end, with what was deleted there. Bytes that look random are not taken for that.
std::uint64_t count_stale_bytes(WalkInput& input, std::uint64_t from) {
  const std::uint64_t left = input.size_bytes() - from;
  if (left == 0 || left > k_window_bytes || left % k_stale_cell_bytes != 0) return 0;
  const ByteView bytes = input.at(from, static_cast<std::size_t>(left));
  for (std::uint64_t at = 0; at < bytes.size(); at += k_stale_cell_bytes) {
    std::array<bool, 256> seen{};
    for (const std::uint8_t byte : bytes.part(at, k_stale_cell_bytes)) seen[byte] = true;
    if (std::count(seen.begin(), seen.end(), true) > k_stale_values_max) return 0;
  }
  return left;
}

void say_flaws(const std::vector<Ole2Flaw>& flaws, std::string_view rule, std::uint64_t size_bytes,
               WalkReport& report) {
  for (std::size_t i = 0; i < flaws.size() && i < k_flaws_max; ++i) {
    const model::ByteRange range{.from = std::min(flaws[i].range.from, size_bytes),
                                 .to = std::min(flaws[i].range.to, size_bytes)};
    report.breaks(rule, flaws[i].why, range);
  }
  if (flaws.size() > k_flaws_max) report.remarks(rule, fmt::format("{} more do not fit", flaws.size() - k_flaws_max));
}

/// For tables too large for a quick look: first table sector and root entry.
void check_opening(WalkInput& input, const Ole2Header& header, WalkReport& report) {
  const std::uint64_t sectors = input.size_bytes() >> header.sector_shift;
  const std::uint32_t table = input.head().le32(0x4C);
  if (table >= sectors || header.directory_start >= sectors) {
    return report.breaks("ole2.header", "allocation table or directory stand behind the content",
                         {.from = 0, .to = header.sector_bytes()});
  }
  const std::uint64_t directory_from = header.offset_of(header.directory_start);
  const ByteView root = input.at(directory_from, 128);
  if (root.u8(0x42) != 5) {
    return report.breaks("ole2.directory", "the first directory entry is not the root",
                         {.from = directory_from, .to = directory_from + header.sector_bytes()});
  }
  const std::uint64_t table_from = header.offset_of(table);
  const ByteView entries = input.at(table_from, static_cast<std::size_t>(header.sector_bytes()));
  for (std::uint64_t at = 0; at < entries.size(); at += 4) {
    if (entries.le32(at) > sectors && entries.le32(at) < k_ole2_difat_mark) {
      return report.breaks("ole2.table", "the allocation table points behind the content",
                           {.from = table_from, .to = table_from + header.sector_bytes()});
    }
  }
  report.region(0, header.sector_bytes(), RegionKind::structured);
  report.remarks("ole2.opening", "header, first table sector and root entry hold; the rest was not looked at");
}

struct StreamCounts {
  std::uint64_t streams = 0;
  Ole2ContentFacts facts;
};

StreamCounts check_streams(WalkInput& input, const Ole2Directory& directory, Ole2Streams& streams,
                           std::vector<Ole2Flaw>& flaws) {
  StreamCounts counts;
  // Streams that say whether the others are encrypted come first.
  for (const bool first : {true, false}) {
    for (const Ole2Entry& entry : directory.entries) {
      if (!entry.reached || entry.type != Ole2EntryType::stream) continue;
      if (tells_ole2_secrecy(entry.name) != first) continue;
      if (!input.may_continue()) return counts;
      const std::optional<Ole2Stream> stream = streams.open(entry, flaws);
      if (!stream) continue;
      ++counts.streams;
      check_ole2_stream(input, directory, entry, *stream, streams, counts.facts, flaws);
    }
  }
  return counts;
}

void check_sectors(WalkInput& input, const Ole2Header& header, WalkReport& report) {
  thread_local Ole2Sectors sectors;
  thread_local Ole2Directory directory;
  std::vector<Ole2Flaw> table_flaws;
  if (!sectors.read(input, header, table_flaws)) {
    report.remarks("ole2.limit", "the allocation table was not read: too large, or stopped by a limit");
    return;
  }
  std::vector<Ole2Flaw> directory_flaws;
  std::vector<Ole2Flaw> stream_flaws;
  StreamCounts counts;
  directory.entries.clear();
  Ole2Flaw flaw;
  const auto chain = sectors.claim_chain(header.directory_start, sectors.count(), RegionKind::structured, flaw);
  if (chain && !chain->empty()) {
    read_ole2_directory(input, header, *chain, directory, directory_flaws);
  } else {
    directory_flaws.push_back(
        {.why = fmt::format("directory: {}", chain ? "no sector" : flaw.why), .range = flaw.range});
  }
  if (directory_flaws.empty() && !directory.entries.empty() && !input.stopped()) {
    report.format = find_ole2_kind(directory);
    Ole2Streams streams(header, sectors);
    streams.open_mini(input, directory.entries[0], stream_flaws);
    counts = check_streams(input, directory, streams, stream_flaws);
  }
  std::vector<model::Region> regions;
  sectors.name_regions(input.size_bytes(), regions);
  for (const model::Region& region : regions) report.region(region.range.from, region.range.to, region.kind);
  say_flaws(table_flaws, "ole2.table", input.size_bytes(), report);
  if (!table_flaws.empty()) report.misses_fields(k_difat_in_header);
  say_flaws(directory_flaws, "ole2.directory", input.size_bytes(), report);
  say_flaws(stream_flaws, "ole2.stream", input.size_bytes(), report);
  report.end_bytes = sectors.used_to(input.size_bytes());
  report.allowed_trailing_bytes = count_stale_bytes(input, *report.end_bytes);
  if (input.stopped()) {
    report.remarks("ole2.limit", fmt::format("stopped by a limit after {} streams", counts.streams));
    return;
  }
  report.reach = counts.facts.records > 0 ? Reach::sampled : Reach::frame;
  if (report.shape == Shape::broken) return;
  if (directory.unreached != 0)
    report.remarks("ole2.orphans", fmt::format("{} directory entries are in no tree", directory.unreached));
  if (const std::uint64_t lost = sectors.lost(); lost != 0)
    report.remarks("ole2.lost", fmt::format("{} sectors in use belong to no stream", lost));
  if (counts.facts.secrecy == Ole2Secrecy::encrypted) report.shape = Shape::sealed;
  report.holds("ole2.sectors",
               fmt::format("{} streams own their sectors alone, {} sectors in all, {} records follow one another{}",
                           counts.streams, sectors.count(), counts.facts.records,
                           report.shape == Shape::sealed ? "; the document is encrypted by its owner" : ""));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0, k_magic)) return report;
  report.shape = Shape::whole;
  std::string why;
  const std::optional<Ole2Header> header = parse_ole2_header(input.head(), why);
  if (!header || input.size_bytes() <= header->sector_bytes()) {
    report.breaks("ole2.header", header ? "nothing follows the header" : why,
                  {.from = 0, .to = std::min<std::uint64_t>(512, input.size_bytes())});
    return report;
  }
  if (input.depth() == model::Depth::quick && header->fat_sectors > k_quick_table_sectors) {
    check_opening(input, *header, report);
  } else {
    check_sectors(input, *header, report);
  }
  return report;
}

}  // namespace

const Format k_ole2_format = {.id = "ole2",
                              .title = "OLE2 compound file",
                              .family = Family::document,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
