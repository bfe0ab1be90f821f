// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// XML and what is written in it (SVG, GPX, property lists, ...). Specification: W3C XML 1.0 (Fifth Edition), section 2.
//
//   document = [declaration] misc* [doctype misc*] element misc*
//   element  = "<" name attribute* ("/>" | ">" (text | element | comment | instruction | cdata)* "</" name ">")
// A document cut short is broken. One whose tags do not pair is text some program wrote badly: told, not held against
// it.
#include "formats/xml/xml_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/xml/xml_grammar.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {
    NameClaim{"xml", Promise::firm},  NameClaim{"svg", Promise::firm},  NameClaim{"xhtml", Promise::firm},
    NameClaim{"gpx", Promise::firm},  NameClaim{"kml", Promise::firm},  NameClaim{"xsd", Promise::firm},
    NameClaim{"xsl", Promise::firm},  NameClaim{"xslt", Promise::firm}, NameClaim{"rss", Promise::firm},
    NameClaim{"atom", Promise::firm}, NameClaim{"wsdl", Promise::firm}, NameClaim{"plist", Promise::loose},
    NameClaim{"resx", Promise::firm}, NameClaim{"xaml", Promise::firm}, NameClaim{"dbk", Promise::loose},
    NameClaim{"rdf", Promise::loose}, NameClaim{"mml", Promise::loose}, NameClaim{"csproj", Promise::loose}};
// Root elements that have a name of their own as a format.
constexpr std::array<std::string_view, 4> k_roots = {"svg", "gpx", "kml", "plist"};

/// "<?xml" is enough; other openings are shared with HTML, templates and source code.
Likeness likeness_of(base::ByteView head) {
  const std::string opening = narrow_opening(head, 16);
  if (opening.starts_with("<?xml")) return Likeness::strong;
  if (opening.starts_with("<!DOCTYPE ")) return Likeness::weak;
  const bool element = opening.size() > 4 && opening[0] == '<' &&
                       ((opening[1] >= 'a' && opening[1] <= 'z') || (opening[1] >= 'A' && opening[1] <= 'Z') ||
                        opening.starts_with("<!--"));
  return element ? Likeness::weak : Likeness::none;
}

Likeness recognise(const Edges& edges) { return likeness_of(edges.head); }

void tell_grammar(const XmlGrammar& grammar, const WalkInput& input, WalkReport& report) {
  const std::string root = grammar.root().substr(grammar.root().rfind(':') + 1);
  if (std::find(k_roots.begin(), k_roots.end(), root) != k_roots.end()) report.format = root;
  if (grammar.has_fault()) {
    report.remarks(
        "xml.not-well-formed",
        fmt::format("{}, at byte {} behind {} elements", grammar.fault(), grammar.fault_offset(), grammar.elements()),
        {.from = grammar.fault_offset(), .to = grammar.fault_offset() + 1});
    return;
  }
  if (grammar.is_open()) {
    const std::uint64_t size = input.size_bytes();
    report.breaks(
        "xml.cut",
        fmt::format("the content ends with {} elements open, of {} read", grammar.depth(), grammar.elements()),
        {.from = size - std::min<std::uint64_t>(size, 64), .to = size});
    return;
  }
  report.holds("xml.elements", fmt::format("{} elements nest and close", grammar.elements()));
}

/// Of a content that was only sampled: the last letter of a document closes a tag, a comment or an instruction.
void tell_tail(const WalkInput& input, WalkReport& report) {
  const base::ByteView tail = input.tail();
  std::size_t at = tail.size();
  while (at > 0 && (tail.u8(at - 1) <= ' ')) --at;
  if (at == 0 || tail.u8(at - 1) == '>') return;
  const std::uint64_t size = input.size_bytes();
  report.breaks("xml.cut", "the content does not end with a closed tag",
                {.from = size - std::min<std::uint64_t>(size, 64), .to = size});
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const Likeness likeness = likeness_of(input.head());
  if (likeness == Likeness::none) return report;
  XmlGrammar grammar;
  const TextScan scan = scan_text(input, &grammar);
  tell_text(scan, input, likeness == Likeness::strong ? Opening::seen : Opening::unseen, report);
  if (report.shape != Shape::whole) return report;
  if (!scan.was_read_whole) {
    tell_tail(input, report);
    return report;
  }
  if (likeness == Likeness::weak && (grammar.elements() == 0 || grammar.has_fault())) return WalkReport();
  tell_grammar(grammar, input, report);
  return report;
}

}  // namespace

const Format k_xml_format = {.id = "xml",
                             .title = "XML document",
                             .family = Family::text,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
