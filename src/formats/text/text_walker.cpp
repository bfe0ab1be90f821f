// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Text of any kind that has no grammar of its own: prose, source code, configuration, logs. See text_scan.h.
#include "formats/text/text_walker.h"

#include "formats/dump_end.h"
#include "formats/text/text_encoded.h"
#include "formats/text/text_names.h"
#include "formats/text/text_scan.h"

namespace lastgood::formats {

namespace {

/// The first comment of a dump is a magic number of its own.
Likeness recognise(const Edges& edges) {
  return find_dump_kind(edges.head) != nullptr ? Likeness::strong : recognise_text(edges);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const TextScan scan = scan_text(input);
  tell_text(scan, input, Opening::unseen, report);
  if (report.shape == Shape::whole) remark_encoded_body(input, report);
  const DumpKind* dump = report.shape == Shape::whole ? find_dump_kind(input.head()) : nullptr;
  if (dump != nullptr) tell_dump_end(*dump, is_dump_complete(*dump, input.tail()), "text", input.size_bytes(), report);
  return report;
}

}  // namespace

const Format k_text_format = {.id = "text",
                              .title = "text",
                              .family = Family::text,
                              .claims = k_text_claims,
                              .recognise = recognise,
                              .walk = walk};

}  // namespace lastgood::formats
