// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The timeline as one SVG element: bars of events by time and kind, marks for first entry, first and last encryption.
// Pure. No script, no reference to anything outside, every text escaped: it may stand in a page as it is.
#pragma once

#include <string>

#include "timeline/summary.h"

namespace lastgood::timeline {

/// From a week before the first encryption (or from the likely entry, up to 90 days) to a day after the last; the whole
/// timeline where nothing was encrypted. Times as the clocks of `zone` show them. Without events: a line of text that
/// says so.
[[nodiscard]] std::string draw_timeline(const TimelineSummary& summary, const std::string& zone);

}  // namespace lastgood::timeline
