// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/archive_end.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/postgresql/copy_stand.h"
#include "engines/postgresql/follow_log.h"
#include "engines/postgresql/log_segments.h"
#include "engines/postgresql/wal_reader.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

namespace {

/// Of the last segments, twice as many each time: those of an idle server have none.
std::int64_t last_commit_ns(const ControlFile& control, const LogSegments& segments, std::uint64_t first,
                            std::uint64_t last) {
  const OpenSegment open = [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
    const LogSegment* const segment = number > last ? nullptr : segments.find(number);
    return segment == nullptr ? nullptr : segments.open(*segment);
  };
  for (std::uint64_t count = 1;; count *= 2) {
    const std::uint64_t from = last - std::min(last - first, count - 1);
    const WalSurvey survey = survey_wal({.from = from * control.wal_segment_bytes,
                                         .system_id = control.system_id,
                                         .page_bytes = control.wal_block_bytes,
                                         .segment_bytes = control.wal_segment_bytes,
                                         .notes = WalNotes::no_pages},
                                        open);
    if (const std::int64_t last_ns = wal_time_ns(survey.last_commit_us); last_ns != 0) return last_ns;
    if (from == first) return 0;
  }
}

constexpr std::string_view k_says_nothing = "the copy does not say where in its log it stands";

/// Does the log say that all of the backup's files are of one moment?
bool reaches_end(const WalSurvey& survey, const CopyStand& stand) {
  if (!survey.saw_checkpoint) return false;
  // One taken from a standby has no record of its end: its pg_control says how far it must come.
  if (stand.label->is_from_standby)
    return survey.end >= std::max(stand.control.recovery_end_min, stand.control.backup_end);
  return survey.saw_backup_end;
}

base::Result<LogEnd> read_archive(const CopyStand& stand, const LogSegments& segments, const UnitView& archive,
                                  const LogReading& reading) {
  const FollowedLog log = follow_log(stand, segments, archive, stand.begin(), reading.is_cancelled);
  if (reading.is_cancelled && reading.is_cancelled())
    return base::Error{.code = base::ErrorCode::cancelled, .what = "the reading of saved logs was cancelled"};
  LogEnd end{.files = log.files, .bytes = log.bytes, .missing = log.ends_early, .ends_early = !log.ends_early.empty()};
  if (log.files > 0) end.last_commit_ns = wal_time_ns(log.survey.last_commit_us);
  const std::uint64_t first = stand.first_segment();
  if (end.missing.empty() && segments.find(first) == nullptr)
    end.missing = fmt::format("{} is not among them", name_of_segment(stand.control, first));
  return end;
}

}  // namespace

base::Result<std::string> find_archive_shortfall(const UnitView& archive, const UnitView& copy,
                                                 const std::string& folder, const std::string& spill_folder) {
  const std::optional<CopyStand> stand = read_stand(copy, folder);
  if (!stand || !stand->label) return std::string(k_says_nothing);
  const ControlFile& control = stand->control;
  LG_ASSIGN(const LogSegments segments, LogSegments::list(copy, folder, control, &archive, spill_folder));
  // Backups end soon after they began: what comes later need not be read.
  for (std::uint64_t count = 4;; count *= 4) {
    const std::uint64_t lid = stand->first_segment() + count;
    bool is_hidden = false;
    const OpenSegment open = [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
      const LogSegment* const segment = segments.find(number);
      is_hidden = is_hidden || (segment != nullptr && number >= lid);
      return segment == nullptr || number >= lid ? nullptr : segments.open(*segment);
    };
    const WalSurvey survey = survey_wal({.from = stand->label->start,
                                         .checkpoint = stand->label->checkpoint,
                                         .backup_start = stand->label->start,
                                         .system_id = control.system_id,
                                         .page_bytes = control.wal_block_bytes,
                                         .segment_bytes = control.wal_segment_bytes,
                                         .notes = WalNotes::no_pages},
                                        open);
    if (reaches_end(survey, *stand)) return std::string();
    if (is_hidden) continue;
    const std::uint64_t next = survey.end / control.wal_segment_bytes;
    const bool is_there = segments.find(next) != nullptr;
    const bool goes_on = is_there && survey.stop == WalStop::missing_segment;
    return is_there && !goes_on
               ? fmt::format("the log cannot be followed beyond {} ({}), which is before the end of the backup",
                             format_lsn(survey.end), survey.fault)
               : fmt::format("segment {} is not there, which it needs",
                             name_of_segment(control, next + (goes_on ? 1 : 0)));
  }
}

base::Result<LogEnd> find_archive_end(const UnitView& archive, const UnitView& copy, const std::string& folder,
                                      const std::string& spill_folder, const LogReading& reading) {
  LogEnd end;
  const std::optional<CopyStand> stand = read_stand(copy, folder);
  if (!stand) {
    end.missing = k_says_nothing;
    return end;
  }
  const ControlFile& control = stand->control;
  LG_ASSIGN(const LogSegments segments, LogSegments::list(copy, folder, control, &archive, spill_folder));
  if (reading.depth == LogDepth::everything) return read_archive(*stand, segments, archive, reading);
  const std::uint64_t first = stand->first_segment();
  std::uint64_t next = first;
  for (const LogSegment* at = segments.find(next); at != nullptr; at = segments.find(++next)) {
    const auto source = segments.open(*at);
    if (source == nullptr) {
      end.missing = fmt::format("{} is not readable as a segment of a write-ahead log", base::printable(at->name));
      break;
    }
    if (at->view != &archive) continue;
    ++end.files;
    end.bytes += source->size_bytes();
  }
  const bool has_later = segments.has_later_than(next);
  if (end.missing.empty() && (next == first || has_later))
    end.missing = fmt::format("{} is not among them", name_of_segment(control, next));
  if (end.files > 0) end.last_commit_ns = last_commit_ns(control, segments, first, next - 1);
  return end;
}

}  // namespace lastgood::engines::postgresql
