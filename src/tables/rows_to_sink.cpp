// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "tables/rows_to_sink.h"

#include <fmt/format.h>

namespace lastgood::tables {

void RowFindings::see(std::string_view rule, std::uint64_t offset_bytes, std::string_view what) {
  for (Seen& seen : seen_) {
    if (seen.rule == rule) {
      ++seen.count;
      return;
    }
  }
  seen_.push_back({.rule = std::string(rule), .what = std::string(what), .first_bytes = offset_bytes, .count = 1});
}

void RowFindings::flush() {
  for (const Seen& seen : seen_)
    sink_.finding({.rule = fmt::format("{}.{}", format_, seen.rule),
                   .sentence = fmt::format("{}, {} times, first at byte {}", seen.what, seen.count, seen.first_bytes),
                   .weight = model::Weight::contradicts,
                   .range = {seen.first_bytes, seen.first_bytes}});
  seen_.clear();
}

bool fit_width(std::vector<std::string_view>& values, std::size_t columns) {
  const bool fits = values.size() == columns;
  values.resize(columns);
  return fits;
}

}  // namespace lastgood::tables
