// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A mailbox of messages one after the other. Specification: RFC 4155 (the "mbox" format), RFC 5322 for the messages.
//
//   mailbox = ("From " address date line message empty line)*
#include "formats/mbox/mbox_walker.h"

#include <array>

#include <fmt/format.h>

#include "formats/eml/mail_lines.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {NameClaim{"mbox", Promise::firm}, NameClaim{"mbx", Promise::loose}};
constexpr std::size_t k_opening_letters = 2048;

bool opens_mailbox(base::ByteView head) {
  if (!head.matches(0, "From ")) return false;
  const std::string_view opening = head.part(0, k_opening_letters).text();
  const std::size_t line_end = opening.find('\n');
  return line_end != std::string_view::npos && opens_message(opening.substr(line_end + 1));
}

Likeness recognise(const Edges& edges) { return opens_mailbox(edges.head) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!opens_mailbox(input.head())) return report;
  MailLines lines(MailLines::Container::mailbox);
  const TextScan scan = scan_text(input, &lines);
  lines.finish();
  tell_text(scan, input, Opening::seen, report);
  if (report.shape != Shape::whole || !scan.was_read_whole) return report;
  report.holds("mbox.messages", fmt::format("{} messages, {} header fields, {} MIME parts", lines.messages(),
                                            lines.fields(), lines.parts()));
  if (lines.open_multiparts() > 0)
    report.remarks("mbox.boundary", fmt::format("{} multiparts have no last boundary", lines.open_multiparts()));
  if (lines.odd_base64_lines() > 0)
    report.remarks("mbox.base64", fmt::format("{} lines of Base64 bodies are no Base64", lines.odd_base64_lines()));
  return report;
}

}  // namespace

const Format k_mbox_format = {
    .id = "mbox", .title = "mailbox", .family = Family::mail, .claims = k_claims, .recognise = recognise, .walk = walk};

}  // namespace lastgood::formats
