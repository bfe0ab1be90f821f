// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How the scan's outcome is told: findings, regions, shape and reach.
#include <algorithm>

#include <fmt/format.h>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

namespace {

using model::ByteRange;
using model::RegionKind;

// Leaves room for what the grammar has to say: a report holds 64 findings.
constexpr std::size_t k_told_runs_max = 48;
constexpr std::uint64_t k_told_control_bytes_min = 4;

void tell_foreign(const TextScan& scan, WalkReport& report) {
  const std::size_t told = std::min(scan.foreign.size(), k_told_runs_max);
  for (std::size_t i = 0; i < told; ++i) {
    const ByteRange& run = scan.foreign[i];
    report.breaks(
        "text.foreign-bytes",
        fmt::format("{} bytes at byte {} look random among {} text", run.length(), run.from, name_of(scan.encoding)),
        run);
  }
  if (scan.foreign_runs > told) {
    report.remarks("text.foreign-runs",
                   fmt::format("{} runs of random-looking bytes, {} bytes of {} looked at; the first {} are named",
                               scan.foreign_runs, scan.foreign_bytes, scan.scanned_bytes, told),
                   {.from = scan.foreign.front().from, .to = scan.foreign.back().to});
  }
}

/// What was looked at is plain, but for the foreign runs and a payload.
void tell_regions(const TextScan& scan, WalkReport& report) {
  auto run = scan.foreign.begin();
  for (const ByteRange& seen : scan.seen) {
    std::uint64_t at = seen.from;
    const std::uint64_t end = scan.payload.length() == 0 ? seen.to : std::min(seen.to, scan.payload.from);
    for (; run != scan.foreign.end() && run->from < end; ++run) {
      report.region(at, run->from, RegionKind::plain);
      at = std::max(at, run->to);
    }
    report.region(at, end, RegionKind::plain);
  }
  report.region(scan.payload.from, scan.payload.to, RegionKind::compressed);
}

}  // namespace

std::string narrow_opening(base::ByteView head, std::size_t length) {
  std::size_t step = 1, at = 0;
  if (head.matches(0, "\xEF\xBB\xBF")) at = 3;
  if (head.matches(0, "\xFF\xFE") || (head.u8(0) != 0 && head.size() > 3 && head.u8(1) == 0 && head.u8(3) == 0))
    step = 2;
  if (head.matches(0, "\xFF\xFE")) at = 2;
  if (head.matches(0, "\xFE\xFF") || (head.u8(0) == 0 && head.u8(1) != 0 && head.u8(2) == 0)) {
    step = 2;
    at = head.u8(0) == 0 ? 1 : 3;
  }
  const auto is_blank = [](std::uint8_t letter) {
    return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
  };
  while (at < head.size() && is_blank(head.u8(at))) at += step;
  if (step == 1) return std::string(head.part(at, length).text());
  std::string text;
  for (; at < head.size() && text.size() < length; at += step) text.push_back(static_cast<char>(head.u8(at)));
  return text;
}

void tell_text(const TextScan& scan, const WalkInput& input, Opening opening, WalkReport& report) {
  if (scan.state == TextState::not_text) {
    if (opening == Opening::unseen || input.stopped()) return;
    report.breaks(
        "text.not-text",
        fmt::format("begins as the format does, but most of the {} bytes looked at are no text", scan.scanned_bytes),
        {.from = 0, .to = input.size_bytes()});
    report.misses_fields({.from = 0, .to = input.size_bytes()});
    return;
  }
  report.shape = Shape::whole;
  report.reach = scan.reach;
  if (scan.state == TextState::foreign) {
    tell_foreign(scan, report);
  } else if (scan.payload.length() == 0) {
    report.holds("text.bytes", scan.scanned_bytes == input.size_bytes()
                                   ? fmt::format("{} text in all {} bytes", name_of(scan.encoding), scan.scanned_bytes)
                                   : fmt::format("{} text in {} bytes at {} places of {} bytes", name_of(scan.encoding),
                                                 scan.scanned_bytes, scan.seen.size(), input.size_bytes()));
  } else {
    report.reach = Reach::frame;
    report.remarks("text.payload",
                   fmt::format("a script that carries {} binary bytes behind its last line", scan.payload.length()),
                   scan.payload);
  }
  if (scan.hole_bytes != 0)
    report.remarks(scan.hole_bytes >= k_hole_bytes_min ? "text.nul-hole" : "text.nul-padding",
                   fmt::format("{} bytes are blocks of zeros", scan.hole_bytes));
  if (scan.control_bytes >= k_told_control_bytes_min) {
    report.remarks("text.controls", fmt::format("{} control bytes stand among the text", scan.control_bytes));
  }
  if (scan.stray_bytes != 0) {
    if (report.reach == Reach::content) report.reach = Reach::sampled;
    report.remarks("text.binary-bytes",
                   fmt::format("{} bytes are of another kind than the text around them, the first at byte {}",
                               scan.stray_bytes, scan.first_stray.from),
                   scan.first_stray);
  }
  if (!scan.was_read_whole && input.stopped())
    report.remarks("text.limit", fmt::format("stopped by a limit after {} bytes", scan.scanned_bytes));
  tell_regions(scan, report);
}

}  // namespace lastgood::formats
