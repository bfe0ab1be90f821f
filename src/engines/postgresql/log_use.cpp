// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/log_use.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/log_end.h"
#include "engines/packed_log.h"
#include "engines/postgresql/copy_stand.h"
#include "engines/postgresql/log_segments.h"
#include "engines/postgresql/wal_reader.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_timeline_digits = 8;

/// Where the log could not be read further.
struct LogStop {
  WalSurvey survey;
  std::uint64_t number = 0;             // of the segment
  const LogSegment* segment = nullptr;  // null: it is not there
  bool can_be_opened = false;
  std::uint64_t bytes = 0;
};

LogStop find_stop(const ControlFile& control, const LogSegments& segments, Lsn from) {
  const OpenSegment open = [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
    const LogSegment* const segment = segments.find(number);
    return segment == nullptr ? nullptr : segments.open(*segment);
  };
  LogStop stop{.survey = survey_wal({.from = from,
                                     .system_id = control.system_id,
                                     .page_bytes = control.wal_block_bytes,
                                     .segment_bytes = control.wal_segment_bytes,
                                     .notes = WalNotes::no_pages},
                                    open)};
  stop.number = stop.survey.end / control.wal_segment_bytes;
  // A record may begin in one segment and go on in those behind it: the first that is not there is the one.
  while (true) {
    stop.segment = segments.find(stop.number);
    const auto bytes = stop.segment == nullptr ? nullptr : segments.open(*stop.segment);
    stop.can_be_opened = bytes != nullptr;
    stop.bytes = bytes == nullptr ? 0 : bytes->size_bytes();
    if (stop.survey.stop != WalStop::missing_segment || !stop.can_be_opened) return stop;
    ++stop.number;
  }
}

/// How many log files of the archive there are behind it; 0 when the first that could be read is none of this use.
std::size_t count_behind(const LogStop& stop, const LogSegments& segments, const UnitView& archive,
                         std::string_view last_name) {
  const std::vector<const LogSegment*> behind = segments.list_behind(stop.number, archive, last_name);
  const bool is_any_real = std::any_of(behind.begin(), behind.end(),
                                       [&](const LogSegment* segment) { return segments.open(*segment) != nullptr; });
  return is_any_real ? behind.size() : 0;
}

/// pg_receivewal makes each as long as it will be, but what it compresses: "X.gz.partial".
bool may_be_short(std::string_view path) {
  constexpr std::string_view k_end = ".partial";
  std::string_view name = without_packing(path);
  if (!name.ends_with(k_end)) return false;
  name.remove_suffix(k_end.size());
  return without_packing(name).size() + k_end.size() != path.size();
}

/// pg_receivewal has made it, and nothing was written to it.
bool is_unused_yet(const LogSegment& segment) {
  if (!segment.path.ends_with(".partial")) return false;
  const auto source = segment.view->open(segment.path);
  return source.ok() && look_at_segment(*source.value(), segment.name) == SegmentStart::unused;
}

/// Empty: the log ends there.
std::string describe_stop(const LogStop& stop, const std::string& name, const ControlFile& control,
                          const UnitView& archive, std::size_t behind) {
  const bool is_archived = stop.segment != nullptr && stop.segment->view == &archive;
  if (stop.segment == nullptr)
    return behind == 0 ? std::string()
                       : with_lost_commits(fmt::format("log {} is not among them", name), "in it", behind);
  if (!stop.can_be_opened && behind == 0 && is_unused_yet(*stop.segment)) return {};
  if (!stop.can_be_opened)
    return is_archived || behind > 0
               ? with_lost_commits(fmt::format("log {} is not readable as a segment of a write-ahead log", name),
                                   "in it", behind)
               : std::string();
  if (!is_archived && behind == 0) return {};
  if (stop.bytes < control.wal_segment_bytes && !may_be_short(stop.segment->path))
    return with_lost_commits(
        fmt::format("log {} is cut: it has {} of {} bytes", name, stop.bytes, control.wal_segment_bytes),
        "behind that place", behind);
  if (stop.survey.stop == WalStop::end && behind == 0) return {};
  return with_lost_commits(
      fmt::format("log {} is broken at {} ({})", name, format_lsn(stop.survey.end), base::printable(stop.survey.fault)),
      "behind that place", behind);
}

}  // namespace

base::Status note_log_use(const ReplayedLog& log, ScratchStart& start) {
  const std::optional<CopyStand> stand = read_stand(log.copy, log.folder);
  if (!stand) return base::Done{};
  const ControlFile& control = stand->control;
  LG_ASSIGN(const LogSegments segments,
            LogSegments::list(log.copy, log.folder, control, &log.archive, log.spill_folder));
  const LogStop stop = find_stop(control, segments, log.last_record == 0 ? stand->begin() : log.last_record);
  std::string last_name = name_of_segment(control, stand->first_segment());
  start.logs_used = 0;
  for (std::uint64_t number = stand->first_segment(); number <= stop.number; ++number) {
    const LogSegment* const segment = segments.find(number);
    if (segment == nullptr) continue;
    if (segment->view == &log.archive && (number < stop.number || stop.can_be_opened)) ++start.logs_used;
    last_name = segment->name;
  }
  const std::size_t behind = count_behind(stop, segments, log.archive, last_name);
  std::string stop_name = name_of_segment(control, stop.number);
  if (stop.segment != nullptr) stop_name = stop.segment->name;
  if (stop.segment == nullptr) stop_name.replace(0, k_timeline_digits, last_name, 0, k_timeline_digits);
  start.logs_end_early = describe_stop(stop, stop_name, control, log.archive, behind);
  // One record is the last that it replayed.
  if (start.logs_end_early.empty() && log.last_record != 0 && stop.survey.records > 1)
    start.logs_end_early =
        fmt::format("PostgreSQL stopped at {}, though the logs go on to {}: what was committed between is not there",
                    format_lsn(log.last_record), format_lsn(stop.survey.end));
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
