// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/last_commit.h"

#include <memory>
#include <string>

#include "engines/postgresql/copy_stand.h"
#include "engines/postgresql/log_segments.h"
#include "engines/postgresql/wal_reader.h"

namespace lastgood::engines::postgresql {

namespace {

/// Of what lies before the last checkpoint as much is read.
constexpr std::uint64_t k_read_back_bytes_max = std::uint64_t{512} << 20U;

/// From there to the end of segment `last`, and of the record that goes on behind it.
std::int64_t last_commit_in(const ControlFile& control, const LogSegments& segments, Lsn from, std::uint64_t last) {
  const OpenSegment open = [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
    const LogSegment* const segment = number > last + 1 ? nullptr : segments.find(number);
    return segment == nullptr ? nullptr : segments.open(*segment);
  };
  const WalSurvey survey = survey_wal({.from = from,
                                       .system_id = control.system_id,
                                       .page_bytes = control.wal_block_bytes,
                                       .segment_bytes = control.wal_segment_bytes,
                                       .notes = WalNotes::no_pages},
                                      open);
  return wal_time_ns(survey.last_commit_us);
}

}  // namespace

LastWork find_last_commit(const UnitView& copy, const std::string& folder) {
  const std::optional<CopyStand> stand = read_stand(copy, folder);
  if (!stand) return {};
  const ControlFile& control = stand->control;
  LastWork work{.next_transaction = control.next_transaction};
  const auto listed = LogSegments::list(copy, folder, control, nullptr, {});
  if (!listed.ok()) return work;
  const LogSegments& segments = listed.value();
  std::uint64_t number = stand->first_segment();
  work.commit_ns = last_commit_in(control, segments, stand->begin(), UINT64_MAX - 1);
  // A record that began before is met in its own segment.
  const std::uint64_t read_max = k_read_back_bytes_max / control.wal_segment_bytes + 1;
  for (std::uint64_t read = 0; work.commit_ns == 0 && read < read_max && segments.find(number) != nullptr; ++read) {
    work.commit_ns = last_commit_in(control, segments, number * control.wal_segment_bytes, number);
    if (number == 0) break;
    --number;
  }
  return work;
}

}  // namespace lastgood::engines::postgresql
