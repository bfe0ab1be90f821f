// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/archive_end.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "engines/postgresql/backup_files.h"
#include "engines/postgresql/cluster_copy.h"
#include "engines/postgresql/control_file.h"
#include "engines/postgresql/log_segments.h"
#include "engines/postgresql/wal_reader.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::int64_t k_epoch_s = 946'684'800;  // 2000-01-01
constexpr std::size_t k_control_bytes = 8192;
constexpr std::size_t k_label_bytes_max = std::size_t{64} << 10U;
/// So many of the last segments are looked at for a commit, twice as many each time.
constexpr std::uint64_t k_segments_read_max = 64;

std::int64_t last_commit_ns(const ControlFile& control, const LogSegments& segments, std::uint64_t first,
                            std::uint64_t last) {
  const OpenSegment open = [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
    const LogSegment* const segment = number > last ? nullptr : segments.find(number);
    return segment == nullptr ? nullptr : segments.open(*segment);
  };
  for (std::uint64_t count = 1; count <= k_segments_read_max; count *= 2) {
    const std::uint64_t from = last - std::min(last - first, count - 1);
    const WalSurvey survey = survey_wal({.from = from * control.wal_segment_bytes,
                                         .system_id = control.system_id,
                                         .page_bytes = control.wal_block_bytes,
                                         .segment_bytes = control.wal_segment_bytes,
                                         .notes = WalNotes::no_pages},
                                        open);
    if (survey.last_commit_us > 0 && survey.last_commit_us < std::int64_t{1} << 60)
      return (survey.last_commit_us + k_epoch_s * 1'000'000) * 1000;
    if (from == first) return 0;
  }
  return 0;
}

}  // namespace

std::string name_of_segment(const ControlFile& control, std::uint64_t number) {
  const std::uint64_t per_high = (std::uint64_t{1} << 32U) / control.wal_segment_bytes;
  return fmt::format("{:08X}{:08X}{:08X}", control.timeline, number / per_high, number % per_high);
}

Lsn find_replay_begin(const UnitView& copy, const std::string& folder, const ControlFile& control) {
  const auto label = parse_backup_label(read_text(copy, join(folder, "backup_label"), k_label_bytes_max));
  return label ? label->start : control.redo;
}

base::Result<LogEnd> find_archive_end(const UnitView& archive, const UnitView& copy, const std::string& folder,
                                      const std::string& spill_folder) {
  LogEnd end;
  const std::string bytes = read_text(copy, join(folder, "global/pg_control"), k_control_bytes);
  const ControlOpinion opinion = parse_control(base::ByteView(std::string_view(bytes)));
  if (!opinion.control) {
    end.missing = "the copy does not say where in its log it stands";
    return end;
  }
  const ControlFile& control = *opinion.control;
  LG_ASSIGN(const LogSegments segments, LogSegments::list(copy, folder, control, &archive, spill_folder));
  const std::uint64_t first = find_replay_begin(copy, folder, control) / control.wal_segment_bytes;
  std::uint64_t next = first;
  for (const LogSegment* at = segments.find(next); at != nullptr; at = segments.find(++next)) {
    const auto source = segments.open(*at);
    if (source == nullptr) {
      end.missing = fmt::format("{} is no segment of a write-ahead log any more", base::printable(at->name));
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
