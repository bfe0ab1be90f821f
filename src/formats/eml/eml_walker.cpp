// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One message. Specification: RFC 5322 (header), RFC 2045 and 2046 (MIME parts and Base64), RFC 6532 (UTF-8 in
// headers).
//
//   message = field+ empty line body;  field = name ":" text, folded with white space
//   multipart = ("--" boundary part)* "--" boundary "--"
// Messages are cut and misquoted by mailers every day: what does not pair is told, not held against the content.
#include "formats/eml/eml_walker.h"

#include <array>

#include <fmt/format.h>

#include "formats/eml/mail_lines.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {NameClaim{"eml", Promise::firm}, NameClaim{"emlx", Promise::loose},
                                 NameClaim{"mht", Promise::firm}, NameClaim{"mhtml", Promise::firm}};
constexpr std::size_t k_opening_letters = 1024;

Likeness recognise(const Edges& edges) {
  // Nearly every content fails on the first line.
  const std::string_view opening = edges.head.part(0, k_opening_letters).text();
  return is_header_field(opening.substr(0, opening.find('\n'))) && opens_message(opening) ? Likeness::weak
                                                                                          : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!opens_message(input.head().part(0, k_opening_letters).text())) return report;
  MailLines lines(MailLines::Container::message);
  const TextScan scan = scan_text(input, &lines);
  lines.finish();
  tell_text(scan, input, Opening::unseen, report);
  if (report.shape != Shape::whole || !scan.was_read_whole) return report;
  report.holds("eml.header", fmt::format("{} header fields, {} MIME parts", lines.fields(), lines.parts()));
  if (lines.open_multiparts() > 0)
    report.remarks("eml.boundary", fmt::format("{} multiparts have no last boundary", lines.open_multiparts()));
  if (lines.odd_base64_lines() > 0)
    report.remarks("eml.base64", fmt::format("{} lines of Base64 bodies are no Base64", lines.odd_base64_lines()));
  return report;
}

}  // namespace

const Format k_eml_format = {.id = "eml",
                             .title = "mail message",
                             .family = Family::mail,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
