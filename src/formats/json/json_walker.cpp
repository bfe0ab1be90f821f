// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// JSON and JSON lines. Specification: RFC 8259; RFC 7464 and "JSON Lines" for many values in one content.
//
//   value = object | array | string | number | true | false | null
// A content that ends inside a value was cut. One byte that fits nowhere makes the rest "text with a .json name":
// people write templates and JavaScript into such files, so it is told and not held against the content.
#include "formats/json/json_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/json/json_grammar.h"
#include "formats/text/text_encoded.h"
#include "formats/text/text_names.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {
    NameClaim{"json", Promise::firm},    NameClaim{"jsonl", Promise::firm}, NameClaim{"ndjson", Promise::firm},
    NameClaim{"geojson", Promise::firm}, NameClaim{"ipynb", Promise::firm}, NameClaim{"webmanifest", Promise::firm},
    NameClaim{"har", Promise::firm},     NameClaim{"jsonc", Promise::firm}, NameClaim{"json5", Promise::firm}};

/// A bracket and then what may follow it: "[section]" and "{% template %}" are no JSON.
Likeness likeness_of(base::ByteView head) {
  const std::string opening = narrow_opening(head, 64);
  if (opening.empty() || (opening[0] != '{' && opening[0] != '[')) return Likeness::none;
  const std::size_t next = opening.find_first_not_of(" \t\r\n", 1);
  if (next == std::string::npos) return opening.size() > 1 || head.size() < 8 ? Likeness::weak : Likeness::none;
  const std::string_view allowed = opening[0] == '{' ? "\"}/" : "\"[{]-0123456789tfn/";
  return allowed.find(opening[next]) != std::string_view::npos ? Likeness::weak : Likeness::none;
}

bool is_claimed(std::string_view name) {
  const std::string extension = lower_extension(name);
  return std::any_of(k_claims.begin(), k_claims.end(),
                     [&](const NameClaim& claim) { return claim.extension == extension; });
}

Likeness recognise(const Edges& edges) { return likeness_of(edges.head); }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const bool claimed = is_claimed(input.name());
  if (likeness_of(input.head()) == Likeness::none && !claimed) return report;
  JsonGrammar grammar;
  const TextScan scan = scan_text(input, &grammar);
  tell_text(scan, input, Opening::unseen, report);
  if (report.shape != Shape::whole || !scan.was_read_whole) return report;
  if (grammar.has_fault()) {
    if (!claimed) return WalkReport();
    report.remarks("json.syntax",
                   fmt::format("byte {} fits no JSON, behind {} values", grammar.fault_offset(), grammar.values()),
                   {.from = grammar.fault_offset(), .to = grammar.fault_offset() + 1});
    remark_encoded_body(input, report);
    return report;
  }
  if (grammar.is_open()) {
    const std::uint64_t size = input.size_bytes();
    report.breaks("json.cut",
                  fmt::format("the content ends inside a value, {} levels deep, behind {} values", grammar.depth(),
                              grammar.values()),
                  {.from = size - std::min<std::uint64_t>(size, 64), .to = size});
    return report;
  }
  report.holds("json.values",
               fmt::format("{} values in {} documents, all closed", grammar.values(), grammar.documents()));
  return report;
}

}  // namespace

const Format k_json_format = {
    .id = "json", .title = "JSON", .family = Family::text, .claims = k_claims, .recognise = recognise, .walk = walk};

}  // namespace lastgood::formats
