// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sightings/searched_file.h"

namespace lastgood::sightings {

namespace {

model::FoundValue value_of(const SeenIndicator& seen) {
  return {.kind = std::string(seen.first.kind),
          .value = seen.first.value,
          .level = std::string(seen.first.level),
          .encoding = encoding_of(seen),
          .offset_bytes = seen.first.offset_bytes,
          .length_bytes = seen.first.length_bytes,
          .port = seen.first.port,
          .defanged = seen.first.form == indicators::FoundIndicator::Form::defanged,
          .in_name = seen.place == SeenIndicator::Place::name,
          .times = seen.times,
          .apart = std::string(name_of(seen.apart))};
}

}  // namespace

model::SearchedFile searched_file(const SeenFile& file, std::int64_t searched_ns) {
  model::SearchedFile record{.path = file.path,
                             .size_bytes = file.size_bytes,
                             .sha256 = file.sha256,
                             .searched_ns = searched_ns,
                             .left_out = file.left_out,
                             .values = {}};
  for (const SeenIndicator& seen : file.seen) record.values.push_back(value_of(seen));
  return record;
}

base::Status note_begun(ledger::Ledger& ledger, const std::vector<std::string>& roots, const OwnPlaces& own) {
  LG_TRY(ledger.append("search-begun", {{"roots", roots}, {"own_domains", own.domains}}));
  return base::Done{};
}

base::Status note_finished(ledger::Ledger& ledger, const CollectOutcome& outcome, std::uint64_t values) {
  LG_TRY(ledger.append("search-finished", {{"bytes", static_cast<std::int64_t>(outcome.tally.bytes)},
                                           {"complete", std::int64_t{outcome.finished ? 1 : 0}},
                                           {"files", static_cast<std::int64_t>(outcome.tally.files)},
                                           {"unreadable", static_cast<std::int64_t>(outcome.tally.unreadable)},
                                           {"values", static_cast<std::int64_t>(values)}}));
  return base::Done{};
}

}  // namespace lastgood::sightings
