// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The objects of a PDF one after the other: head, value, stream, end, and what stands between them.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/broken_units.h"
#include "formats/pdf/pdf_xref.h"
#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

enum class PdfStreams : std::uint8_t {
  skip,
  small,  // what decodes in memory at once
  all,
};

enum class PdfGaps : std::uint8_t {
  any,   // what stands between objects is counted only
  text,  // must be text: nothing else vouches for it
};

enum class PdfLastObject : std::uint8_t {
  whole,       // the document's end stands behind it
  may_be_cut,  // nothing does
};

struct PdfObjectOptions {
  PdfStreams streams = PdfStreams::skip;
  PdfGaps gaps = PdfGaps::any;
  PdfSecrecy secrecy = PdfSecrecy::open;
  PdfLastObject last = PdfLastObject::whole;
  std::uint64_t stride = 1;  // every how many-th object is looked at
};

struct PdfObjectCounts {
  std::uint64_t objects = 0;       // that stand where they should and end as they should
  std::uint64_t other_number = 0;  // of these: another object number than the table says
  std::uint64_t streams = 0;
  std::uint64_t inflated = 0;       // streams decoded to their end
  std::uint64_t wrong_length = 0;   // streams that end elsewhere than /Length says
  std::uint64_t short_streams = 0;  // streams whose data ends before its own end mark
  std::uint64_t gap_bytes = 0;
  std::uint64_t covered_to = 0;  // behind the last good object
  bool is_cut = false;           // the range ended inside an object that was as it should be up to there
};

/// `places` ascend; `sections` are known tables between them. Looks at [from, to).
PdfObjectCounts check_pdf_objects(WalkInput& input, model::ByteRange range, const std::vector<PdfPlace>& places,
                                  const std::vector<model::ByteRange>& sections, const PdfObjectOptions& options,
                                  BrokenUnits& broken, WalkReport& report);

}  // namespace lastgood::formats
