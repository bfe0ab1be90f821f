// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Looks at the pages of a paged format (databases, mail stores) one by one and names the ranges that do not fit.
//
// At depth `full`, and whenever the content is in memory, every page is looked at. Else one page of each stretch of the
// content, at a place that changes from stretch to stretch so that no period of an attack hides between the samples;
// where a good sample is followed by a bad one the edge between them is found by bisection.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/byte_view.h"
#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats {

/// What a format's check says of one page.
struct PageOpinion {
  /// Of a page that fits: `verified` by a checksum, `structured` when its fields hold, `compressed` when its payload is
  /// a piece of a large value that may be of any kind, `zero`, `plain`.
  model::RegionKind kind = model::RegionKind::structured;
  /// Why the page does not fit; empty when it fits. Must outlive the survey: use a literal.
  std::string_view fault;
};

struct PageLayout {
  std::uint64_t from_bytes = 0;  // where page 0 of the survey begins
  std::uint64_t page_bytes = 0;  // at most k_window_bytes
  std::uint64_t page_count = 0;
  std::uint64_t first_number = 0;  // number of that page as people and the format's own tools count it
  std::string_view rule;           // "sqlite.page"
};

struct PageSurvey {
  std::uint64_t looked_at = 0;
  std::uint64_t verified = 0;
  std::uint64_t zero = 0;
  std::uint64_t bad = 0;
  bool every_page = false;  // all pages were looked at: no sampling, no limit on the way
};

/// `index` counts from 0 at `from_bytes`; `page` has page_bytes, or fewer where the content could not be read.
using PageCheck = std::function<PageOpinion(std::uint64_t index, base::ByteView page)>;

/// Adds one contradiction per run of bad pages (runs beyond the sixtieth share one) and the regions. Finds nothing to
/// add when all pages fit: what holds is for the caller to say.
PageSurvey survey_pages(WalkInput& input, WalkReport& report, const PageLayout& layout, const PageCheck& check);

/// "all 12 pages" or "4096 of 81920 pages".
std::string pages_looked_at(const PageSurvey& survey, const PageLayout& layout);

}  // namespace lastgood::formats
