// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// HTML. Specification: WHATWG HTML Living Standard, section 13.1. Browsers accept nearly everything, so nothing but the
// opening and the bytes' being text is held to; what a careful author would write is told.
#include "formats/html/html_walker.h"

#include <array>

#include <fmt/format.h>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {NameClaim{"html", Promise::firm}, NameClaim{"htm", Promise::firm},
                                 NameClaim{"xht", Promise::firm}, NameClaim{"hta", Promise::firm},
                                 NameClaim{"shtml", Promise::firm}};
constexpr std::size_t k_opening_letters = 512;

bool has_letters(std::string_view text, std::string_view lower) {
  for (std::size_t at = 0; at + lower.size() <= text.size(); ++at) {
    std::size_t i = 0;
    while (i < lower.size() && (text[at + i] | 0x20) == (lower[i] | 0x20)) ++i;
    if (i == lower.size()) return true;
  }
  return false;
}

Likeness likeness_of(base::ByteView head) {
  const std::string opening = narrow_opening(head, k_opening_letters);
  if (!opening.starts_with("<")) return Likeness::none;
  if (has_letters(opening.substr(0, 16), "<!doctype html") || has_letters(opening.substr(0, 8), "<html"))
    return Likeness::strong;
  const bool inside = has_letters(opening, "<html") || has_letters(opening, "<head") || has_letters(opening, "<body") ||
                      has_letters(opening, "<title");
  return inside && !opening.starts_with("<?xml") ? Likeness::weak : Likeness::none;
}

Likeness recognise(const Edges& edges) {
  return edges.head.size() > 6 && edges.head.part(0, 64).find("<") != base::ByteView::npos ? likeness_of(edges.head)
                                                                                           : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const Likeness likeness = likeness_of(input.head());
  if (likeness == Likeness::none) return report;
  const TextScan scan = scan_text(input);
  tell_text(scan, input, likeness == Likeness::strong ? Opening::seen : Opening::unseen, report);
  if (report.shape == Shape::whole && unit_bytes(scan.encoding) == 1 && !has_letters(input.tail().text(), "</html")) {
    report.remarks("html.end", "no end tag of the document in the last part");
  }
  return report;
}

}  // namespace

const Format k_html_format = {.id = "html",
                              .title = "HTML page",
                              .family = Family::text,
                              .claims = k_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
