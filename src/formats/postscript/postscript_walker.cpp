// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PostScript and EPS. Specification: Adobe "PostScript Language Document Structuring Conventions" 3.0; "Encapsulated
// PostScript File Format" 3.0, section 5.2 (the DOS header).
//
//   file  = "%!PS" lines "%%EOF"
//   DOS   = C5 D0 D3 C6, offset and length (4 + 4, little endian) of the PostScript, of a Windows metafile and of a
//   TIFF,
//           checksum(2)
// Images and fonts may stand as raw bytes behind an operator that reads the file itself, or inside %%BeginData.
#include "formats/postscript/postscript_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"ps", Promise::loose}, NameClaim{"eps", Promise::firm},
                                 NameClaim{"epsf", Promise::firm}, NameClaim{"epsi", Promise::firm},
                                 NameClaim{"prn", Promise::loose}};
constexpr std::string_view k_magic = "%!PS";
constexpr std::string_view k_dos_magic = "\xC5\xD0\xD3\xC6"sv;
constexpr std::uint64_t k_dos_header_bytes = 30;
constexpr std::size_t k_before_bytes = 512;

Likeness recognise(const Edges& edges) {
  const bool plain =
      edges.head.matches(0, k_magic) || edges.head.matches(0, "\x04%!PS") || edges.head.matches(0, "\x1B%-12345X");
  return plain || edges.head.matches(0, k_dos_magic) ? Likeness::strong : Likeness::none;
}

/// Operators and comments that announce raw bytes, in what stands right before them.
bool announces_binary(ByteView before) {
  constexpr std::array k_announcements = {"image"sv,       "BeginBinary"sv, "BeginData"sv,  "BeginImage"sv,
                                          "eexec"sv,       "StartData"sv,   "exec"sv,       "Decode"sv,
                                          "currentfile"sv, "ID\n"sv,        "beginbinary"sv};
  return std::any_of(k_announcements.begin(), k_announcements.end(),
                     [&](std::string_view word) { return before.find(word) != ByteView::npos; });
}

WalkReport walk_dos(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  const std::uint64_t size = input.size_bytes();
  std::uint64_t end = k_dos_header_bytes;
  for (const std::uint64_t field : {4U, 12U, 20U}) {
    const std::uint64_t from = head.le32(field);
    const std::uint64_t length = head.le32(field + 4);
    if (length == 0) continue;
    if (from < k_dos_header_bytes || from > size || length > size - from) {
      report.breaks("postscript.dos-header", fmt::format("a part of {} bytes at byte {} of {}", length, from, size),
                    {.from = 0, .to = k_dos_header_bytes});
      return report;
    }
    end = std::max(end, from + length);
  }
  const std::uint64_t ps_from = head.le32(4);
  if (!input.at(ps_from, 4).matches(0, k_magic)) {
    report.breaks("postscript.dos-header", fmt::format("no PostScript at byte {}", ps_from),
                  {.from = 0, .to = k_dos_header_bytes});
    return report;
  }
  report.shape = Shape::whole;
  report.reach = Reach::frame;
  report.end_bytes = end;
  report.region(0, k_dos_header_bytes, RegionKind::structured);
  report.holds("postscript.dos-header", fmt::format("parts end at byte {}", end),
               {.from = 0, .to = k_dos_header_bytes});
  return report;
}

/// Raw bytes that an operator announces are the document's own.
void explain_foreign(WalkInput& input, const TextScan& scan, WalkReport& report) {
  for (const model::ByteRange& run : scan.foreign) {
    const std::uint64_t from = run.from > k_before_bytes ? run.from - k_before_bytes : 0;
    const bool explained =
        run.from > 0 && announces_binary(input.at(from, static_cast<std::size_t>(run.from + 16 - from)));
    // Raw bytes come in one piece, with gaps where the scan took some of them for text: the first run speaks for all.
    if (!explained) return;
    break;
  }
  report = WalkReport();
  report.shape = Shape::whole;
  report.reach = Reach::frame;
  report.region(0, scan.foreign.front().from, RegionKind::plain);
  report.region(scan.foreign.front().from, scan.foreign.back().to, RegionKind::compressed);
  report.region(scan.foreign.back().to, input.size_bytes(), RegionKind::plain);
  report.remarks("postscript.binary", fmt::format("{} raw bytes that an operator announces", scan.foreign_bytes),
                 {.from = scan.foreign.front().from, .to = scan.foreign.back().to});
}

/// Behind the end mark stand line ends, end-of-transmission marks and printer commands: letters, all of them.
void tell_end(const WalkInput& input, WalkReport& report) {
  const std::size_t eof = input.tail().find_last("%%EOF");
  if (eof == ByteView::npos) {
    report.remarks("postscript.end", "no %%EOF in the last part");
    return;
  }
  const ByteView rest = input.tail().part(eof + 5);
  const bool harmless = std::all_of(rest.begin(), rest.end(), [](std::uint8_t byte) {
    return is_ascii_text(byte) || byte == 0 || byte == 0x04 || byte == 0x1A;
  });
  const std::uint64_t end = input.size_bytes() - rest.size();
  report.end_bytes = end;
  report.allowed_trailing_bytes = harmless ? rest.size() : 0;
  report.holds("postscript.end", fmt::format("ends with %%EOF at byte {}", end));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (input.head().matches(0, k_dos_magic)) return walk_dos(input);
  if (recognise({.head = input.head(), .tail = {}, .size_bytes = 0, .name = {}}) == Likeness::none) return report;
  const TextScan scan = scan_text(input);
  tell_text(scan, input, Opening::seen, report);
  if (scan.state == TextState::foreign) explain_foreign(input, scan, report);
  if (report.shape == Shape::whole) tell_end(input, report);
  return report;
}

}  // namespace

const Format k_postscript_format = {.id = "postscript",
                                    .title = "PostScript document",
                                    .family = Family::document,
                                    .claims = k_claims,
                                    .recognise = recognise,
                                    .walk = walk};

}  // namespace lastgood::formats
