// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/log_use.h"

#include <fmt/format.h>

#include "engines/postgresql/copy_stand.h"
#include "engines/postgresql/follow_log.h"
#include "engines/postgresql/log_segments.h"
#include "engines/postgresql/wal_reader.h"

namespace lastgood::engines::postgresql {

base::Status note_log_use(const ReplayedLog& log, ScratchStart& start) {
  const std::optional<CopyStand> stand = read_stand(log.copy, log.folder);
  if (!stand) return base::Done{};
  LG_ASSIGN(const LogSegments segments,
            LogSegments::list(log.copy, log.folder, stand->control, &log.archive, log.spill_folder));
  const FollowedLog followed =
      follow_log(*stand, segments, log.archive, log.last_record == 0 ? stand->begin() : log.last_record);
  start.logs_used = followed.files;
  start.logs_end_early = followed.ends_early;
  // One record is the last that it replayed.
  if (start.logs_end_early.empty() && log.last_record != 0 && followed.survey.records > 1)
    start.logs_end_early =
        fmt::format("PostgreSQL stopped at {}, though the logs go on to {}: what was committed between is not there",
                    format_lsn(log.last_record), format_lsn(followed.survey.end));
  return base::Done{};
}

base::Result<LogRemovals> find_removals(const ReplayedLog& log, const KnownTables& after) {
  const std::optional<CopyStand> stand = read_stand(log.copy, log.folder);
  if (!stand || log.last_record == 0) return LogRemovals{};
  const ControlFile& control = stand->control;
  LG_ASSIGN(const LogSegments segments,
            LogSegments::list(log.copy, log.folder, control, &log.archive, log.spill_folder));
  const std::uint64_t last_segment = log.last_record / control.wal_segment_bytes + 1;  // a record may go on there
  const OpenSegment open = [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
    const LogSegment* const segment = number > last_segment ? nullptr : segments.find(number);
    return segment == nullptr ? nullptr : segments.open(*segment);
  };
  WalRemovals removals;
  survey_wal({.from = stand->begin(),
              .system_id = control.system_id,
              .page_bytes = control.wal_block_bytes,
              .segment_bytes = control.wal_segment_bytes,
              .notes = WalNotes::no_pages,
              .on_record =
                  [&](const WalRecord& record) {
                    if (record.from <= log.last_record) removals.note(record);
                  }},
             open);
  return removals.finish(read_known_tables(log.copy, log.folder), after);
}

}  // namespace lastgood::engines::postgresql
