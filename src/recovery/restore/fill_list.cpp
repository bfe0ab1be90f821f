// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/fill_list.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

namespace lastgood::recovery::restore {

namespace {

bool is_of_one_kind(const FilledEntry& a, const FilledEntry& b) {
  return a.item == b.item && a.proof == b.proof && a.from == b.from && a.compared_bytes == b.compared_bytes;
}

/// One of the outcome for each version that gave something.
void tell_fills_of(const std::string& path, const std::vector<FilledEntry>& fills, RestoreOutcome& outcome) {
  std::vector<FilledFile> files;
  std::vector<const FilledEntry*> kinds;
  for (const FilledEntry& fill : fills) {
    const auto kind = std::find_if(kinds.begin(), kinds.end(),
                                   [&](const FilledEntry* known) { return is_of_one_kind(*known, fill); });
    if (kind == kinds.end()) {
      kinds.push_back(&fill);
      files.push_back({.path = path,
                       .from = fill.from,
                       .proof = fill.proof,
                       .compared_bytes = fill.compared_bytes,
                       .ranges = {fill.range}});
    } else {
      files[static_cast<std::size_t>(kind - kinds.begin())].ranges.push_back(fill.range);
    }
  }
  std::move(files.begin(), files.end(), std::back_inserter(outcome.filled));
}

}  // namespace

void add_fill(std::vector<FilledEntry>& fills, FilledEntry fill) {
  std::erase_if(fills, [&](const FilledEntry& known) {
    return known.range.from < fill.range.to && fill.range.from < known.range.to;
  });
  auto at = std::lower_bound(fills.begin(), fills.end(), fill.range.from,
                             [](const FilledEntry& known, std::uint64_t from) { return known.range.from < from; });
  at = fills.insert(at, std::move(fill));
  const auto joins = [](const FilledEntry& a, const FilledEntry& b) {
    return a.range.to == b.range.from && is_of_one_kind(a, b);
  };
  if (at + 1 != fills.end() && joins(*at, *(at + 1))) {
    at->range.to = (at + 1)->range.to;
    fills.erase(at + 1);
  }
  if (at != fills.begin() && joins(*(at - 1), *at)) {
    (at - 1)->range.to = at->range.to;
    fills.erase(at);
  }
}

void tell_fills(const Plan& plan, const JournalState& journal,
                const std::map<std::uint32_t, std::vector<FilledEntry>>& filled, RestoreOutcome& outcome) {
  std::set<std::string_view> in_part;
  for (const IncompleteFile& file : outcome.incomplete) in_part.insert(file.path);
  for (const auto& [item, fills] : filled) {
    const std::string& path = plan.items[item].path;
    if (!in_part.contains(path) && !journal.is_done(item)) continue;
    ++outcome.tally.filled;
    tell_fills_of(path, fills, outcome);
  }
  std::stable_sort(outcome.filled.begin(), outcome.filled.end(),
                   [](const FilledFile& a, const FilledFile& b) { return a.path < b.path; });
}

}  // namespace lastgood::recovery::restore
